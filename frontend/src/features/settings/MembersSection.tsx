/** Who may do what in a project. */
import { Avatar, Button, Group, Select, Table, Text, TextInput } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { addMember, membersQuery, removeMember, updateMember } from "../../api/queries/projects";
import type { Member, Project, Role } from "../../api/types";
import { Loaded } from "../../parts/Loaded";
import { useAction } from "../../parts/useAction";
import { IconButton } from "../../ui/IconButton";
import { Section } from "../../ui/Page";

const ROLES: readonly Role[] = ["owner", "manager", "reviewer", "annotator", "viewer"];

export function MembersSection({ project, mayManage }: { readonly project: Project; readonly mayManage: boolean }) {
  const { t } = useTranslation();
  const query = useQuery(membersQuery(project.id));
  return (
    <Section title={t("settings.members")}>
      <Loaded query={query} rows={2}>
        {(members) => (
          <Table aria-label={t("settings.members")} verticalSpacing={4}>
            <Table.Tbody>
              {members.map((member) => (
                <MemberRow key={member.id} member={member} project={project} mayManage={mayManage} />
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Loaded>
      {mayManage && <AddMember project={project} />}
      <Text size="xs" c="dimmed">
        {t("settings.rolesHelp")}
      </Text>
    </Section>
  );
}

function useRoles() {
  const { t } = useTranslation();
  return ROLES.map((value) => ({ value, label: t(`role.${value}`) }));
}

function MemberRow(props: { readonly member: Member; readonly project: Project; readonly mayManage: boolean }) {
  const { member, project, mayManage } = props;
  const { t } = useTranslation();
  const roles = useRoles();
  const invalidate = [["project", project.id]];
  const update = useAction((role: Role) => updateMember(member.id, role), {
    failure: t("settings.memberFailed", { name: member.username }),
    invalidate,
  });
  const remove = useAction(removeMember, {
    failure: t("settings.memberFailed", { name: member.username }),
    invalidate,
  });
  return (
    <Table.Tr>
      <Table.Td>
        <Group gap="xs">
          <Avatar size={22} radius="xl" name={member.username} color="initials" />
          <Text size="sm" dir="auto">
            {member.username}
          </Text>
        </Group>
      </Table.Td>
      <Table.Td w={150}>
        <Select
          aria-label={t("settings.roleOf", { name: member.username })}
          value={member.role}
          data={roles}
          onChange={(value) => update.mutate(value ?? member.role)}
          allowDeselect={false}
          disabled={!mayManage}
        />
      </Table.Td>
      <Table.Td w={50}>
        {mayManage && (
          <IconButton
            label={t("settings.removeMember", { name: member.username })}
            onClick={() => remove.mutate(member.id)}
            danger
          >
            <IconTrash size={15} />
          </IconButton>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

function AddMember({ project }: { readonly project: Project }) {
  const { t } = useTranslation();
  const roles = useRoles();
  const [username, setUsername] = useState("");
  const [role, setRole] = useState<Role>("annotator");
  const add = useAction((body: { username: string; role: Role }) => addMember(project.id, body), {
    failure: t("settings.memberFailed", { name: username }),
    invalidate: [["project", project.id]],
    onSuccess: () => setUsername(""),
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    add.mutate({ username: username.trim(), role });
  };
  return (
    <form onSubmit={submit}>
      <Group gap="xs" my={8} align="flex-end">
        <TextInput
          label={t("account.username")}
          value={username}
          onChange={(event) => setUsername(event.currentTarget.value)}
          flex={1}
        />
        <Select
          label={t("settings.role")}
          value={role}
          data={roles}
          onChange={(value) => setRole(value ?? "annotator")}
          allowDeselect={false}
          w={150}
        />
        <Button type="submit" variant="default" disabled={username.trim() === ""} loading={add.isPending}>
          {t("settings.addMember")}
        </Button>
      </Group>
    </form>
  );
}
