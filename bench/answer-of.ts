import type { ChildProcess } from 'node:child_process';

/** The next answer of this kind from a process that we started; rejects when the process dies instead. */
export function answerOf<Answer extends { readonly kind: string }, Kind extends Answer['kind']>(
  child: ChildProcess,
  kind: Kind,
): Promise<Extract<Answer, { kind: Kind }>> {
  return new Promise((resolve, reject) => {
    const onExit = () =>
      reject(new Error(`Nobody is left to answer ${kind}; the output says why.`));
    const onMessage = (answer: Answer) => {
      if (answer.kind !== kind) return;
      child.off('exit', onExit).off('message', onMessage);
      resolve(answer as Extract<Answer, { kind: Kind }>);
    };
    child.on('exit', onExit).on('message', onMessage);
  });
}
