import type { ReadElement } from './xml.ts';

/** What an element may hold: attributes by the pattern of their values, and children in this order. */
interface Rule {
  readonly required: Readonly<Record<string, RegExp>>;
  readonly children: RegExp;
  readonly hasText?: true;
}

const ANY = /^/;
/** `xs:token`: no spaces at the ends, none doubled. */
const TOKEN = /^\S+( \S+)*$/;
const COUNT = /^\d+$/;
const SECONDS = /^\d+\.\d{3}$/;

/**
 * The constraints that two published schemas share, the stricter of the two where they differ: Jenkins' xunit plugin (junit-10.xsd) and
 * Ant's reports (windyroad/JUnit-Schema, JUnit.xsd), both read 2026-11. A document that keeps to these is valid against both.
 */
const rules: Readonly<Record<string, Rule>> = {
  testsuites: { required: {}, children: /^(testsuite )*$/ },
  testsuite: {
    required: {
      name: TOKEN,
      package: TOKEN,
      id: COUNT,
      timestamp: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/,
      hostname: TOKEN,
      tests: COUNT,
      failures: COUNT,
      errors: COUNT,
      skipped: COUNT,
      time: SECONDS,
    },
    children: /^properties (testcase )*system-out system-err $/,
  },
  properties: { required: {}, children: /^(property )*$/ },
  property: { required: { name: TOKEN, value: ANY }, children: /^$/ },
  testcase: { required: { name: TOKEN, classname: TOKEN, time: SECONDS }, children: /^((skipped|error|failure) )?$/ },
  failure: { required: { message: ANY, type: ANY }, children: /^$/, hasText: true },
  error: { required: { message: ANY, type: ANY }, children: /^$/, hasText: true },
  'system-out': { required: {}, children: /^$/, hasText: true },
  'system-err': { required: {}, children: /^$/, hasText: true },
};

/** What in the document breaks the schema, one line each. */
export const schemaProblems = (element: ReadElement, place = element.name): readonly string[] => {
  const rule = rules[element.name];
  if (!rule) return [`${place}: no such element`];
  const given = Object.keys(element.attributes);
  const wanted = Object.keys(rule.required);
  const names = element.children.map(({ name }) => `${name} `).join('');
  return [
    ...wanted.filter((name) => !given.includes(name)).map((name) => `${place}: lacks ${name}`),
    ...given.filter((name) => !wanted.includes(name)).map((name) => `${place}: has ${name}`),
    ...given
      .filter((name) => rule.required[name] && !rule.required[name].test(element.attributes[name]!))
      .map((name) => `${place}: ${name} is "${element.attributes[name]}"`),
    ...(rule.children.test(names) ? [] : [`${place}: holds ${names}`]),
    ...(rule.hasText || element.text.trim() === '' ? [] : [`${place}: has text`]),
    ...element.children.flatMap((child, index) => schemaProblems(child, `${place}/${child.name}[${index}]`)),
  ];
};
