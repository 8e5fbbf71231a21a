/** What the protocol calls the operations of one socket: no two alike while either is worked on. */
export interface OperationNames {
  /** A message of the peer, which may begin an operation. */
  inward(text: string): Inward;
  /** A message of the protocol as the peer gets it. */
  outward(text: string): string;
  /** What the peer calls the operation of this name. */
  idOf(name: string): string;
}

export interface Inward {
  /** The message as the protocol gets it. */
  readonly text: string;
  /** Of the operation that it is to begin; null for any other message. */
  readonly name: string | null;
  /** To be called when it was handled. */
  readonly over: () => void;
}

interface Message {
  readonly type?: unknown;
  readonly id?: unknown;
}

const nothing = () => undefined;

/**
 * A peer that has said `complete` may use the id again at once, while what it stood for still ends here. The
 * protocol tells operations apart by their ids alone, and would give the second what is the first one's: its
 * result, or its end. So the second has another name for as long as it lasts.
 */
export function createOperationNames(): OperationNames {
  /** Of all operations that are not over. */
  const names = new Set<string>();
  /** By the peer's id, of those that it has not completed. */
  const wanted = new Map<string, { readonly name: string }>();
  /** By name, where the two differ. */
  const ids = new Map<string, string>();
  let renamed = 0;

  function nameFor(id: string): string {
    let name = id;
    // The protocol keeps them in an object, which knows names of its own, such as `constructor`.
    while (names.has(name) || name in {}) {
      renamed += 1;
      name = `${id} (${renamed})`;
    }
    if (name !== id) ids.set(name, id);
    return name;
  }

  function begin(id: string): { name: string; over: () => void } {
    const name = nameFor(id);
    const operation = { name };
    names.add(name);
    wanted.set(id, operation);
    const over = () => {
      names.delete(name);
      ids.delete(name);
      if (wanted.get(id) === operation) wanted.delete(id);
    };
    return { name, over };
  }

  return {
    inward(text) {
      const message = read(text);
      const { type, id } = message;
      if (typeof id !== 'string') return { text, name: null, over: nothing };
      const before = wanted.get(id);
      // One that is in use still is for the protocol to refuse.
      const isOperation = type === 'subscribe';
      const isNew = isOperation && !before;
      const { name, over } = isNew ? begin(id) : { name: before?.name ?? id, over: nothing };
      if (type === 'complete') wanted.delete(id);
      return {
        text: name === id ? text : JSON.stringify({ ...message, id: name }),
        name: isOperation ? name : null,
        over,
      };
    },
    outward(text) {
      if (ids.size === 0) return text;
      const message = read(text);
      const id = ids.get(String(message.id));
      return id === undefined ? text : JSON.stringify({ ...message, id });
    },
    idOf: (name) => ids.get(name) ?? name,
  };
}

/** What is no JSON is for the protocol to refuse. */
function read(text: string): Message {
  try {
    return (JSON.parse(text) as Message | null) ?? {};
  } catch {
    return {};
  }
}
