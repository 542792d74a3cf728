// Numbers as the page shows them, for what is drawn anew: formats.py once more, function by function.
'use strict';
const formats = (() => {
  const MISSING = '–', MINUS = '\u2212', SPACE = '\u00a0', HUGE = 1e15, TINY = 1e-3;
  const SHORT = {seconds: 's', minutes: 'min', hours: 'h', days: 'd'};
  const SYMBOLS = {EUR: '€', GBP: '£', JPY: '¥', USD: '$', INR: '₹', KRW: '₩'};

  const LARGE = [[1e10, 1e9, 'bn'], [1e7, 1e6, 'M']];

  const superscript = power => String(power).replace('-', '⁻').replace(/\d/g, digit => '⁰¹²³⁴⁵⁶⁷⁸⁹'[digit]);
  const isShownAsNothing = shown => !/[1-9∞]/.test(shown);
  const signed = (shown, number) => (number > 0 && !isShownAsNothing(shown) ? '+' : '') + shown;

  // A number by its power of ten.
  function tiny(number) {
    if (Math.abs(number) === Infinity) return (number < 0 ? MINUS : '') + '∞';
    const [mantissa, power] = number.toExponential(1).split('e');
    return mantissa.replace('-', MINUS) + '×10' + superscript(Number(power));
  }

  // A number with these decimals, thousands apart; nothing is less than nothing.
  function fixed(number, decimals) {
    if (Math.abs(number) >= HUGE) return tiny(number);
    const [whole, part] = Math.abs(number).toFixed(decimals).split('.');
    const shown = whole.replace(/\B(?=(\d{3})+$)/g, ',') + (part ? '.' + part : '');
    return (number < 0 && !isShownAsNothing(shown) ? MINUS : '') + shown;
  }

  // A number that is too long for its column.
  function large(number) {
    const [, size, name] = LARGE.find(([from]) => Math.abs(number) >= from);
    return fixed(number / size, 1) + SPACE + name;
  }

  function plain(number) {
    const size = Math.abs(number);
    if (size === 0) return '0';
    if (size < TINY) return tiny(number);
    if (size >= 1e7) return large(number);
    return fixed(number, size >= 1000 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 3);
  }

  function share(number) {
    const size = Math.abs(number);
    if (size > 0 && size < 1e-6) return tiny(number * 100) + '%';
    return fixed(number * 100, size >= 0.0995 ? 1 : size >= TINY || size === 0 ? 2 : 4) + '%';
  }

  function money(number, unit) {
    const major = number / 10 ** unit.decimals, size = Math.abs(major);
    const shown = size >= 1e7 ? large(size) : fixed(size, size >= 10000 ? 0 : unit.decimals);
    const symbol = SYMBOLS[unit.currency] || (unit.currency && unit.currency + SPACE);
    return (major < 0 && !isShownAsNothing(shown) ? MINUS : '') + symbol + shown;
  }

  function milliseconds(number) {
    const size = Math.abs(number);
    if (size >= 999.5) return fixed(number / 1000, 2) + SPACE + 's';
    return fixed(number, size > 0 && size < 10 ? 2 : 0) + SPACE + 'ms';
  }

  function value(number, unit) {
    if (number === null) return MISSING;
    if (unit.kind === 'share') return share(number);
    if (unit.kind === 'money') return money(number, unit);
    if (unit.kind === 'milliseconds') return milliseconds(number);
    return plain(number) + (SHORT[unit.kind] ? SPACE + SHORT[unit.kind] : '');
  }

  function absoluteChange(number, unit) {
    if (number === null) return MISSING;
    if (unit.kind !== 'share') return signed(value(number, unit), number);
    const points = number * 100, size = Math.abs(points);
    const shown = size > 0 && size < 1e-4 ? tiny(points) : fixed(points, size > 0 && size < 0.01 ? 4 : 2);
    return signed(shown, number) + SPACE + 'pp';
  }

  function relativeChange(number) {
    if (number === null) return MISSING;
    const size = Math.abs(number);
    if (size >= HUGE) return signed(tiny(number * 100), number) + '%';
    return signed(fixed(number * 100, size >= 1 ? 0 : size >= 0.01 ? 1 : 2), number) + '%';
  }

  function pValue(number) {
    if (number === null) return MISSING;
    return number < 0.001 ? '<' + SPACE + '0.001' : fixed(number, number < 0.1 ? 3 : 2);
  }

  function chance(number) {
    if (number === null) return MISSING;
    if (number > 0.999) return '>' + SPACE + '99.9%';
    if (number < 0.001) return '<' + SPACE + '0.1%';
    return fixed(number * 100, number > 0.99 || number < 0.01 ? 1 : 0) + '%';
  }

  const count = number => number === null ? MISSING : fixed(number, 0);

  return {MISSING, value, absoluteChange, relativeChange, pValue, chance, count};
})();
