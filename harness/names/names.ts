import type { BoundFault } from '../faults/bind.ts';
import type { ServiceLink } from '../topology/link.ts';
import { hostOf } from './host.ts';
import { type NameFailure, strongestNameFailure } from './name-failure.ts';

/** What a process of the stack knows of names. Plain data, told anew with each change. */
export interface NameTable {
  /** Names of this machine: each leads to 127.0.0.1. */
  readonly hosts: readonly string[];
  /** Those whose look-up fails now, by name. */
  readonly failures: Readonly<Record<string, NameFailure>>;
}

/** The names of a live run's links: what the stack calls the wire's ports by, and what faults have done to them. */
export interface Names {
  /** E.g. `http://sagemaker-runtime.us-east-1.aws.test:20011`. */
  originOf(linkId: string): string;
  readonly table: NameTable;
  /** Hears of each change from now on. @returns ends that */
  watch(listener: (table: NameTable) => void): () => void;
  begin(bound: BoundFault<ServiceLink>): void;
  end(bound: BoundFault<ServiceLink>): void;
}

/** @param addressOf origin of the link's port on the wire, e.g. `http://127.0.0.1:20011` */
export const createNames = (links: readonly ServiceLink[], addressOf: (linkId: string) => string): Names => {
  const hosts = new Map(links.map((link) => [link.id, hostOf(link)]));
  const listeners = new Set<(table: NameTable) => void>();
  /** By the fault's name. */
  const held = new Map<string, BoundFault<ServiceLink>>();
  let table: NameTable = { hosts: [...hosts.values()], failures: {} };

  const failureOf = (link: ServiceLink): NameFailure | undefined =>
    strongestNameFailure(
      [...held.values()].flatMap(({ effect, links }) => (links.includes(link) ? (effect.name?.(link) ?? []) : [])),
    );

  const tell = () => {
    const failing = links.flatMap((link) => {
      const failure = failureOf(link);
      return failure ? [[hostOf(link), failure] as const] : [];
    });
    table = { ...table, failures: Object.fromEntries(failing) };
    for (const listener of listeners) listener(table);
  };

  return {
    originOf(linkId) {
      const address = new URL(addressOf(linkId));
      return `${address.protocol}//${hosts.get(linkId)!}:${address.port}`;
    },
    get table() {
      return table;
    },
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    begin(bound) {
      if (!bound.effect.name) return;
      held.set(bound.fault.name, bound);
      tell();
    },
    end({ fault }) {
      if (held.delete(fault.name)) tell();
    },
  };
};
