/** Tells source that is nested so deep that a parser would run out of stack, which no error handling survives. */

/** Twice the brackets that are open at once, plus what nests without brackets. oxc gives up its process near 4000 on a worker's stack. */
const maximumNesting = 2000;

/** Strings and comments first, so that what stands in them does not count. */
const tokens =
  /"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*'|\/\*[\s\S]*?\*\/|\/\/[^\n]*|[{[(]|[}\])]|[;,]|=>|\?|=|\b(?:if|else|for|while|with|const|let|var|function|class|return|export|import)\b/g;
const nests = /^(?:=>|\?|=|if|else|for|while|with)$/;
const starts = /^(?:;|,|const|let|var|function|class|return|export|import)$/;

/** True when the text can be parsed without danger; an estimate, on the safe side for what no person writes. */
export function isNestedSafely(text: string): boolean {
  // What nests without brackets (`if (a) if (b) …`, `a => b => …`), by the brackets it stands in.
  const runs = [0];
  let total = 0;
  for (const { 0: token, index } of text.matchAll(tokens)) {
    const top = runs.length - 1;
    if (/^[{[(]$/.test(token)) {
      runs.push(0);
      total += 2;
    } else if (/^[}\])]$/.test(token)) {
      if (top > 0) total -= 2 + (runs.pop() as number);
    } else if (nests.test(token)) {
      runs[top] = (runs[top] as number) + 1;
      total++;
    } else if (starts.test(token) && !/^;\s*else\b/.test(text.slice(index, index + 30))) {
      total -= runs[top] as number;
      runs[top] = 0;
    }
    if (total > maximumNesting) return false;
  }
  return true;
}
