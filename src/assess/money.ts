/** `1234.5` → `1,235 USD`; below 100 with cents. The same in every language. */
export function money(amount: number, currency: string): string {
  return `${plain(amount)} ${currency}`;
}

/** An amount without its currency. */
export function plain(amount: number): string {
  const digits = amount < 100 ? 2 : 0;
  return amount.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** A number for people: three digits, thousands apart; very small ones with their exponent. */
export function number(value: number): string {
  if (value !== 0 && Math.abs(value) < 0.001) return value.toPrecision(3);
  return Number(value.toPrecision(3)).toLocaleString('en-US', { maximumFractionDigits: 4 });
}
