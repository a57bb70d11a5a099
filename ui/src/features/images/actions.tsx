/* What can be done to an image, for its menu and for a click on its row. */
import { Copy, Hammer, Plus, Tag, Trash2 } from "lucide-react";
import { openDialog } from "@/app/dialogs";
import { useCore } from "@/app/store";
import type { MenuGroups } from "@/components";
import { messages } from "@/messages";
import { heldBy, type ImageRow, labelOf } from "./list";

const words = messages.images.actions;

const canCreate = ({ connectionId }: ImageRow) =>
  useCore
    .getState()
    .connections.some(({ connection, abilities }) => connection.id === connectionId && abilities?.apply);

/** A new workspace from it, or another name for one that has none. */
export function openMain(row: ImageRow): void {
  const name = row.image.names[0];
  if (name === undefined) openTag(row);
  else if (canCreate(row))
    openDialog({ dialog: "create-workspace", connectionId: row.connectionId, image: name });
}

function openTag({ connectionId, image }: ImageRow): void {
  openDialog({ dialog: "tag-image", connectionId, imageId: image.id, label: labelOf(image) });
}

export function imageMenu(row: ImageRow): MenuGroups {
  const { image, connectionId, server } = row;
  const name = image.names[0];
  const held = heldBy(image);
  const use =
    name !== undefined && canCreate(row)
      ? [{ id: "create", label: words.create, icon: <Plus />, run: () => openMain(row) }]
      : [];
  const rebuild =
    name !== undefined && image.is_dev_image
      ? [
          {
            id: "rebuild",
            label: words.rebuild,
            icon: <Hammer />,
            run: () => openDialog({ dialog: "build-image", connectionId, source: "dev_image", name }),
          },
        ]
      : [];
  const copy =
    name === undefined
      ? []
      : [
          {
            id: "copy",
            label: words.copyName,
            icon: <Copy />,
            run: () => void navigator.clipboard.writeText(name),
          },
        ];
  return [
    [...use, ...rebuild],
    [...copy, { id: "tag", label: words.tag, icon: <Tag />, run: () => openTag(row) }],
    [
      {
        id: "remove",
        label: words.remove,
        icon: <Trash2 />,
        isDanger: true,
        run: () => openDialog({ dialog: "remove-image", connectionId, server, image }),
        ...(held === null ? {} : { isDisabled: true, remark: held }),
      },
    ],
  ];
}
