// What a reader can do: search, sort, open what lies behind a metric, and look at the scorecard
// against another variation, at another level, in a segment, in absolute numbers. Nothing here judges
// a number: what each row says was decided when the page was written.
'use strict';
const page = (() => {
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const byId = id => document.getElementById(id);
  const data = JSON.parse(byId('data').textContent);

  // --- light and dark ------------------------------------------------------------------------------
  function switchTheme() {
    const root = document.documentElement;
    const isDark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
    root.dataset.theme = isDark ? 'light' : 'dark';
    try { localStorage.setItem('theme', root.dataset.theme); } catch { /* a page from disk may have no storage */ }
  }

  // --- tables as CSV -------------------------------------------------------------------------------
  // As csv_text.py has it: texts in quotes, those that a spreadsheet would run with a mark before them.
  // Numbers of other tables are texts, but nothing that runs.
  const formula = /^'*[\s\x1c-\x1f\x85\ufeff]*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;
  const shownNumber = /^[+-]?[\d.,]+%?$/;
  function csvCell(cell) {
    if (cell === null || cell === undefined) return '';
    if (typeof cell !== 'string') return String(cell);
    const mark = formula.test(cell) && !shownNumber.test(cell) ? "'" : '';
    return '"' + mark + cell.replace(/"/g, '""') + '"';
  }
  const csv = rows => '\ufeff' + rows.map(row => row.map(csvCell).join(',')).join('\r\n') + '\r\n';

  function download(name, rows) {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([csv(rows)], {type: 'text/csv;charset=utf-8'}));
    link.download = name.replace(/[^\p{L}\p{N}_.-]+/gu, '_') + '.csv';
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  // A drawing is what it says in words, and a scale is nothing; spreadsheets know no long minus.
  function shownText(cell) {
    const copy = cell.cloneNode(true);
    all('.axis-box', copy).forEach(scale => scale.remove());
    all('svg', copy).forEach(drawing => drawing.replaceWith(drawing.getAttribute('aria-label') ?? ''));
    all('small', copy).forEach(below => below.before(' '));
    return copy.textContent.replace(/\s+/g, ' ').replace(/\u2212(?=\d)/g, '-').trim();
  }
  const tableRows = table => all('tr', table).map(row => all('th, td', row).map(shownText));

  function offerCsv(table, name, rows = () => tableRows(table)) {
    const button = document.createElement('button');
    Object.assign(button, {type: 'button', className: 'link', textContent: 'CSV'});
    button.setAttribute('aria-label', 'Download as CSV: ' + name);
    button.addEventListener('click', () => download([data.experiment, name].filter(Boolean).join(' '), rows()));
    table.after(button);
  }

  // --- the index -----------------------------------------------------------------------------------
  // A line for each variation of the experiments that are shown.
  function indexRows(rows) {
    const header = ['experiment', 'verdict', 'primary metric', 'variation', 'change', 'interval', 'health', 'time'];
    const lines = rows.filter(row => !row.hidden).map(row => {
      const cell = name => shownText(one('.i-' + name, row)), bars = all('.bars .bar-name', row).map(name => name.parentElement);
      const start = [shownText(one('.i-name a', row)), cell('verdict'), cell('metric')], end = [cell('health'), cell('time')];
      return (bars.length ? bars : [null]).map(bar => {
        const texts = bar ? [...bar.children].map(shownText) : ['', '', ''];
        return [...start, texts[0], texts[2], texts[1], ...end];
      });
    });
    return [header, ...lines.flat()];
  }

  function startIndex(table) {
    const rows = all('tbody tr', table);
    const filter = () => {
      const text = byId('find').value.trim().toLowerCase(), show = one('input[name=show]:checked').value;
      rows.forEach(row => {
        row.hidden = !row.dataset.find.includes(text) || (show !== '' && !row.dataset.show.split(' ').includes(show));
      });
      byId('nothing').hidden = rows.some(row => !row.hidden);
    };
    const sort = button => {
      const header = button.closest('th'), isUp = header.getAttribute('aria-sort') !== 'ascending';
      all('th[aria-sort]', table).forEach(each => each.setAttribute('aria-sort', 'none'));
      header.setAttribute('aria-sort', isUp ? 'ascending' : 'descending');
      const key = row => row.dataset[button.dataset.order];
      const compare = (a, b) => button.dataset.order === 'name' ? key(a).localeCompare(key(b)) : key(a) - key(b);
      rows.sort((a, b) => isUp ? compare(a, b) : compare(b, a)).forEach(row => one('tbody', table).append(row));
    };
    byId('filter').addEventListener('submit', event => event.preventDefault());
    byId('filter').addEventListener('input', filter);
    offerCsv(table, 'experiments', () => indexRows(rows));
    all('.sort', table).forEach(button => button.addEventListener('click', () => sort(button)));
    filter();
  }

  // --- the scorecard's drawings: intervals.py and marks.html.j2 once more ----------------------------
  const low = () => data.scale.first * data.scale.step, high = () => data.scale.last * data.scale.step;
  const round = number => Number(number.toFixed(2));
  const position = number => round(100 * Math.min(1, Math.max(0, (number - low()) / (high() - low()))));
  const holds = number => low() <= number && number <= high();

  function mark(name, attributes, text) {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name);
    Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
    if (text !== undefined) element.textContent = text;
    return element;
  }
  const upright = (name, x, more = {y2: '100%'}) => mark('line', {...(name && {class: name}), x1: x + '%', x2: x + '%', ...more});

  function wings(change) {
    const group = mark('g', {class: 'wings'}), [start, end] = [position(change.sequentialLow), position(change.sequentialHigh)];
    group.append(mark('line', {x1: start + '%', x2: end + '%'}));
    if (holds(change.sequentialLow)) group.append(upright('', start, {y1: -4, y2: 4}));
    if (holds(change.sequentialHigh)) group.append(upright('', end, {y1: -4, y2: 4}));
    return group;
  }

  function bar(change) {
    const marks = mark('svg', {class: 'marks', y: '50%'}), [start, end] = [position(change.low), position(change.high)];
    if (change.sequentialLow !== null && change.sequentialHigh !== null) marks.append(wings(change));
    marks.append(mark('rect', {class: 'bar', x: start + '%', width: round(Math.max(end - start, 0.4)) + '%', y: -6, height: 12, rx: 2}));
    if (change.low < low()) marks.append(mark('text', {class: 'cut', x: 1, y: 4}, '◂'));
    if (change.high > high()) marks.append(mark('text', {class: 'cut', x: '100%', y: 4, 'text-anchor': 'end'}, '▸'));
    if (holds(change.estimate)) marks.append(mark('circle', {class: 'point', cx: position(change.estimate) + '%', r: 4}));
    return marks;
  }

  function drawInterval(svg, change, margin, state, description) {
    const isEmpty = change.estimate === null || change.low === null || change.high === null
      || Math.max(Math.abs(change.low), Math.abs(change.high)) > 1e9;
    svg.setAttribute('class', 'interval s-' + state);
    svg.replaceChildren();
    for (let index = data.scale.first + 1; index < data.scale.last; index += 1) {
      if (index !== 0) svg.append(upright('grid', position(index * data.scale.step)));
    }
    if (!isEmpty && margin !== null) {
      const at = position(margin);
      svg.append(mark('rect', {class: 'beyond', x: (margin < 0 ? 0 : at) + '%', width: round(margin < 0 ? at : 100 - at) + '%', height: '100%'}), upright('margin', at));
    }
    svg.append(upright('zero', position(0)));
    ['role', 'aria-label', 'aria-hidden'].forEach(name => svg.removeAttribute(name));
    if (isEmpty) { svg.setAttribute('aria-hidden', 'true'); return; }
    svg.setAttribute('role', 'img');
    svg.setAttribute('aria-label', description);
    svg.append(bar(change));
  }

  // --- the scorecard's views -----------------------------------------------------------------------
  const chosen = {baseline: '', level: '', segment: '', scale: 'relative'};
  const ends = (start, end) => start === formats.MISSING || end === formats.MISSING ? '' : start + ' to ' + end;

  // The rows of what is chosen, each with its fields by name.
  function viewName() {
    if (chosen.segment) return 'segment ' + chosen.segment;
    const isOwn = !chosen.baseline && !chosen.level;
    return isOwn ? 'own' : 'against ' + (chosen.baseline || data.reference) + ' at ' + (chosen.level || data.level);
  }
  const rowsOf = name => (data.views[name] || []).map(row => Object.fromEntries(data.fields.map((field, index) => [field, row[index]])));

  function changesOf(row) {
    const relative = {estimate: row.relative, low: row.relative_low, high: row.relative_high, sequentialLow: row.relative_sequential_low, sequentialHigh: row.relative_sequential_high};
    const absolute = {estimate: row.absolute, low: row.absolute_low, high: row.absolute_high, sequentialLow: row.absolute_sequential_low, sequentialHigh: row.absolute_sequential_high};
    return {relative, absolute};
  }

  // Absolute changes of different units share the scale as parts of the baseline's value.
  function partsOf(change, baseline) {
    const part = number => number === null ? null : number / Math.abs(baseline);
    return Object.fromEntries(Object.entries(change).map(([key, number]) => [key, part(number)]));
  }

  function textsOf(row, unit) {
    const {relative, absolute} = changesOf(row);
    const isAbsolute = chosen.scale === 'absolute' || relative.estimate === null;
    const write = isAbsolute ? number => formats.absoluteChange(number, unit) : formats.relativeChange;
    const shown = isAbsolute ? absolute : relative;
    const change = write(shown.estimate), interval = ends(write(shown.low), write(shown.high));
    const sequential = ends(write(shown.sequentialLow), write(shown.sequentialHigh));
    const isDrawnAbsolute = chosen.scale === 'absolute' && row.baseline;
    return {
      change, interval,
      drawn: isDrawnAbsolute ? partsOf(absolute, row.baseline) : relative,
      description: change + ', ' + interval + (sequential ? '; at every look ' + sequential : ''),
    };
  }

  function fillCell(row, name, text, small) {
    one('.' + name + ' b', row).textContent = text;
    one('.' + name + ' small', row).textContent = small;
  }

  function fillRow(element, row) {
    const metric = data.metrics[row.metric], texts = textsOf(row, metric.unit), label = data.labels[row.label];
    element.className = 'result s-' + row.state;
    fillCell(element, 'c-baseline', formats.value(row.baseline, metric.unit), formats.count(row.baseline_units));
    fillCell(element, 'c-value', formats.value(row.value, metric.unit), row.fraction);
    one('.c-value b', element).dataset.baseline = formats.value(row.baseline, metric.unit) + ' → ';
    one('.c-value', element).title = row.fraction_text;
    fillCell(element, 'c-change', texts.change, texts.interval);
    one('.c-change', element).title = formats.absoluteChange(row.absolute, metric.unit);
    drawInterval(one('.interval', element), texts.drawn, metric.margin, row.state, texts.description);
    one('.c-p', element).textContent = formats.pValue(row.p);
    one('.c-chance', element).textContent = formats.chance(row.chance);
    const reading = one('.reading', element);
    reading.className = 'reading s-' + row.state;
    if (row.reason) one('.c-reading', element).title = row.reason; else one('.c-reading', element).removeAttribute('title');
    reading.replaceChildren(...label.map((text, index) => {
      const span = document.createElement('span');
      span.textContent = text;
      if (index === 0) { span.className = 'icon'; span.setAttribute('aria-hidden', 'true'); }
      return span;
    }));
  }

  let drawn = 'own relative';

  function redraw() {
    const wanted = viewName() + ' ' + chosen.scale;
    if (wanted === drawn) return;
    drawn = wanted;
    const rows = new Map(rowsOf(viewName()).map(row => [row.metric + ' ' + row.variation, row]));
    all('tr.result').forEach(element => {
      const row = rows.get(element.dataset.metric + ' ' + element.dataset.variation);
      element.hidden = !row;
      if (row) fillRow(element, row);
    });
    const baseline = chosen.baseline === '' ? data.reference : Number(chosen.baseline);
    one('#baseline-name bdi').textContent = data.variations[baseline] ?? 'Control';
    all('.estimator').forEach(chip => { chip.hidden = viewName().startsWith('segment'); });
  }

  function sayWhatIsExplored() {
    const box = byId('exploring'), parts = [];
    if (chosen.baseline !== '') parts.push('compared with ' + data.variations[chosen.baseline]);
    if (chosen.segment) parts.push('only ' + data.segments[chosen.segment]);
    if (chosen.level) parts.push('at ' + one('#level').selectedOptions[0].textContent + ' confidence');
    box.hidden = parts.length === 0;
    box.replaceChildren();
    if (box.hidden) return;
    const back = document.createElement('button');
    Object.assign(back, {type: 'button', textContent: 'Back to what decided'});
    back.addEventListener('click', () => { choose({baseline: '', level: '', segment: ''}); byId('baseline').focus(); });
    const made = [data.variations[data.reference], 'all ' + data.units, data.level].filter(Boolean).join(', ');
    box.append('You are exploring: ' + parts.join(', ') + '. The verdict above was made with ' + made + '. ', back);
  }

  // --- what is loaded when it is needed --------------------------------------------------------------
  const waiting = new Map();

  // Parts that lie beside the page come in by a script, which a page from disk may load, too.
  function load(part) {
    if (!part) return Promise.resolve();
    if (!waiting.has(part)) {
      waiting.set(part, new Promise((resolve, reject) => {
        const script = document.createElement('script');
        script.src = part;
        script.addEventListener('load', resolve);
        script.addEventListener('error', () => { waiting.delete(part); reject(new Error(part)); });
        document.head.append(script);
      }));
    }
    return waiting.get(part);
  }
  function partArrived(views) { Object.assign(data.views, views); }

  function choose(wanted) {
    const before = {...chosen};
    Object.assign(chosen, wanted);
    // No table has a segment and another baseline or level.
    if (wanted.segment) Object.assign(chosen, {baseline: '', level: ''});
    else if (wanted.baseline || wanted.level) chosen.segment = '';
    const name = viewName();
    load(data.views[name] ? '' : data.parts[name]).then(() => {
      showChosen();
      redraw();
      sayWhatIsExplored();
      filter();
      keepInAddress();
    }, () => {
      Object.assign(chosen, before);
      showChosen();
      byId('exploring').hidden = false;
      byId('exploring').textContent = 'This part of the report is not beside the page: copy its whole folder.';
    });
  }

  function showChosen() {
    ['baseline', 'level', 'segment'].forEach(name => { const select = byId(name); if (select) select.value = chosen[name]; });
    one('input[name=scale][value=' + chosen.scale + ']').checked = true;
  }

  // --- search --------------------------------------------------------------------------------------
  const CLEAR = ['better', 'worse', 'unsure', 'early'];

  function filter() {
    const words = byId('find').value.trim().toLowerCase().split(/\s+/), only = byId('show').value;
    all('tbody.metric').forEach(metric => {
      const isClear = all('tr.result:not([hidden])', metric).some(row => CLEAR.some(state => row.classList.contains('s-' + state)));
      metric.hidden = (only === 'clear' && !isClear) || !words.every(word => metric.dataset.find.includes(word));
    });
    all('tbody.group').forEach(group => {
      let next = group.nextElementSibling, isEmpty = true, hasAny = false;
      for (; next && next.classList.contains('metric'); next = next.nextElementSibling) { hasAny = true; isEmpty = isEmpty && next.hidden; }
      group.hidden = hasAny && isEmpty;
    });
    byId('nothing').hidden = all('tbody.metric').some(metric => !metric.hidden);
  }

  // --- what lies behind a metric ---------------------------------------------------------------------
  function toggle(button, isOpen) {
    button.setAttribute('aria-expanded', String(isOpen));
    byId(button.getAttribute('aria-controls')).open = isOpen;
  }

  function makeButton(metric) {
    if (!one('.detail details', metric)) return;
    const name = one('.metric-name', metric), button = document.createElement('button');
    Object.assign(button, {type: 'button', className: 'metric-name'});
    button.setAttribute('aria-expanded', 'false');
    button.setAttribute('aria-controls', one('.detail details', metric).id);
    button.append(...name.childNodes);
    button.addEventListener('click', () => { toggle(button, button.getAttribute('aria-expanded') !== 'true'); keepInAddress(); });
    name.replaceWith(button);
    all('table', one('.detail', metric)).forEach(table => offerCsv(table, shownText(button) + ' ' + (table.closest('section')?.querySelector('h3')?.textContent ?? '')));
  }

  function openMetric(id) {
    const metric = byId(id), button = metric?.matches('tbody.metric') && one('button.metric-name', metric);
    if (!button) return;
    toggle(button, true);
    metric.scrollIntoView();
  }

  // --- the address keeps what is chosen --------------------------------------------------------------
  function keepInAddress() {
    const kept = new URLSearchParams();
    Object.entries(chosen).forEach(([key, value]) => { if (value !== '' && value !== 'relative') kept.set(key, value); });
    if (byId('find').value) kept.set('find', byId('find').value);
    if (byId('show').value) kept.set('show', byId('show').value);
    all('button.metric-name[aria-expanded=true]').forEach(button => kept.append('open', button.closest('tbody').id));
    const address = String(kept);
    try { history.replaceState(null, '', address ? '#' + address : location.pathname + location.search); } catch { /* from disk it may be refused */ }
  }

  const hasOption = (id, value) => byId(id) && [...byId(id).options].some(option => option.value === value);

  function readAddress() {
    const hash = location.hash.slice(1), isPlace = hash !== '' && !hash.includes('=');
    // A link to a place in the page leaves what is chosen.
    if (isPlace) { openMetric(hash); filter(); return; }
    const kept = new URLSearchParams(hash), wanted = {baseline: '', level: '', segment: '', scale: 'relative'};
    ['baseline', 'level', 'segment'].forEach(key => { if (hasOption(key, kept.get(key))) wanted[key] = kept.get(key); });
    if (kept.get('scale') === 'absolute') wanted.scale = 'absolute';
    byId('find').value = kept.get('find') || '';
    byId('show').value = hasOption('show', kept.get('show')) ? kept.get('show') : '';
    all('button.metric-name').forEach(button => toggle(button, false));
    kept.getAll('open').forEach(openMetric);
    choose(wanted);
  }

  function scorecardRows() {
    const context = [data.variations[chosen.baseline === '' ? data.reference : chosen.baseline], chosen.segment ? data.segments[chosen.segment] : 'all'];
    const header = ['metric', 'variation', 'baseline', 'segment', ...data.fields.slice(2)];
    return [header, ...(data.views[viewName()] || []).map(row => [data.metrics[row[0]].name, data.variations[row[1]], ...context, ...row.slice(2).map((cell, index) => data.fields[index + 2] === 'label' ? data.labels[cell][1] : cell)])];
  }

  function startExperiment() {
    all('tbody.metric').forEach(makeButton);
    all('.shares').forEach(table => offerCsv(table, 'split'));
    const form = byId('controls');
    form.addEventListener('submit', event => event.preventDefault());
    ['baseline', 'level', 'segment'].forEach(name => byId(name)?.addEventListener('change', event => choose({[name]: event.target.value})));
    all('input[name=scale]').forEach(input => input.addEventListener('change', () => choose({scale: input.value})));
    ['find', 'show'].forEach(name => byId(name).addEventListener('input', () => { filter(); keepInAddress(); }));
    byId('csv').addEventListener('click', () => download(data.experiment, scorecardRows()));
    byId('print').addEventListener('click', () => window.print());
    window.addEventListener('hashchange', readAddress);
    // A browser may have kept what was chosen before the page was loaded again.
    showChosen();
    readAddress();
  }

  byId('theme').addEventListener('click', switchTheme);
  if (byId('experiments')) startIndex(byId('experiments'));
  if (byId('controls')) startExperiment();
  return {partArrived, csv};
})();
