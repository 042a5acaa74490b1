// The gallery: what every rule refuses and what it accepts, from cases that are tested.

import examples from "examples";

import { byId, element } from "./dom";

export interface Sample {
  manifests: string;
  settings: string;
}

export interface Example {
  /** The rule's id, or the name of a larger example. */
  id: string;
  name: string;
  policy: string;
  summary: string;
  bad: Sample;
  good: Sample;
}

/** The sample that `#example=NI101.bad` means. */
export function sample(fragment: string): Sample | undefined {
  const [, id, which] = /^#example=([\w-]+)\.(bad|good)$/.exec(fragment) ?? [];
  return examples.find((example) => example.id === id)?.[which as "bad" | "good"];
}

export const first = (): Sample | undefined => examples[0]?.bad;

/** The rules of every policy are shown by an example of one. */
const groupOf = ({ id, policy }: Example): string => (id.startsWith("NI0") ? "every policy" : policy);

export function open(choose: (sample: Sample, rule: string) => void): void {
  const dialog = byId<HTMLDialogElement>("examples");
  const filter = byId<HTMLInputElement>("examples-filter");
  const fill = () => {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = examples.filter((example) => {
      const text = `${example.id} ${example.name} ${groupOf(example)} ${example.summary}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
    const list: Node[] = [];
    let policy: string | undefined;
    for (const example of wanted) {
      const group = groupOf(example);
      if (group !== policy) {
        policy = group;
        list.push(element("h3", {}, policy));
      }
      const button = (which: "bad" | "good", label: string) =>
        element(
          "button",
          {
            type: "button",
            "aria-label": `${example.id}: ${label}`,
            click: () => {
              dialog.close();
              choose(example[which], example.id);
            },
          },
          label,
        );
      list.push(
        element(
          "div",
          { class: "example" },
          element("span", {}, element("b", {}, example.id), ` ${example.summary}`),
          button("bad", "Bad"),
          button("good", "Good"),
        ),
      );
    }
    byId("examples-list").replaceChildren(...(list.length ? list : [element("p", {}, "No example matches.")]));
  };
  filter.oninput = fill;
  fill();
  dialog.showModal();
  filter.focus();
}
