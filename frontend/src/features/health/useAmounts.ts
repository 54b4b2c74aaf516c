/** Amounts of objects and images as words: "3 objects on 2 images". */
import { useTranslation } from "react-i18next";
import { formatCount } from "../../ui/format";

export interface Amounts {
  readonly objects: string;
  readonly images: string;
  readonly both: string;
}

export function useAmounts(): (annotations: number, images: number) => Amounts {
  const { t } = useTranslation();
  return (annotations, images) => {
    const objects = t("health.objects", { count: annotations, value: formatCount(annotations) });
    const pictures = t("health.images", { count: images, value: formatCount(images) });
    return {
      objects,
      images: pictures,
      both: annotations === 0 ? pictures : t("health.objectsOn", { objects, images: pictures }),
    };
  };
}
