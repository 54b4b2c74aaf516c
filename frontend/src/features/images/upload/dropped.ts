/** The files of a drop, folders walked through; system litter left out. */

const LITTER = new Set([".DS_Store", "Thumbs.db", "desktop.ini"]);
const isLitter = (name: string): boolean => LITTER.has(name) || name.startsWith("._");

const fileOf = (entry: FileSystemFileEntry): Promise<File> =>
  new Promise((resolve, reject) => entry.file(resolve, reject));

/** A reader gives at most 100 entries a call, and an empty list at the end. */
async function childrenOf(entry: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = entry.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return all;
    all.push(...some);
  }
}

async function walk(entry: FileSystemEntry): Promise<File[]> {
  if (isLitter(entry.name)) return [];
  if (entry.isFile) return [await fileOf(entry as FileSystemFileEntry)];
  const files: File[] = [];
  for (const child of await childrenOf(entry as FileSystemDirectoryEntry)) files.push(...(await walk(child)));
  return files;
}

/** To be called within the drop event: the entries are gone after it. */
export function filesOfDrop(data: DataTransfer): Promise<File[]> {
  const entries = [...data.items].map((item) => item.webkitGetAsEntry());
  if (entries.every((entry) => entry === null)) return Promise.resolve(filesOfInput(data.files));
  const walks = entries.filter((entry) => entry !== null).map((entry) => walk(entry));
  return Promise.all(walks).then((lists) => lists.flat());
}

export const filesOfInput = (files: FileList | null): File[] =>
  [...(files ?? [])].filter((file) => !isLitter(file.name));
