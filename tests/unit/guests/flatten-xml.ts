import type { XmlElement } from '../../../lab/observation/xml.ts';

/** Every attribute and text of an element and of what is in it, by path; of several of a name, the last one's. */
export function flatten(element: XmlElement, path: string = element.name): Record<string, string> {
  const text = element.text.trim();
  return Object.assign(
    text === '' ? {} : { [path]: text },
    ...[...element.attributes].map(([name, value]) => ({ [`${path}@${name}`]: value })),
    ...element.children.map((child) => flatten(child, `${path}/${child.name}`)),
  ) as Record<string, string>;
}
