// Draws the charts again at the size of the window, with zoom and a cursor, and makes the table of trades sortable.
// The page reads without it: the same charts stand there as static SVG, with marks placed by the same rules (axes.py).
(() => {
  "use strict";
  const data = JSON.parse(document.getElementById("chart-data").textContent);
  const charts = [...document.querySelectorAll("svg.chart")];
  const SVG = charts[0].namespaceURI;
  const { left, right, top: above, bottom: below } = data.layout;
  const heights = new Map(charts.map((svg) => [svg, svg.viewBox.baseVal.height]));
  const tip = document.getElementById("tip");
  const hold = document.getElementById("hold");
  const CANDLES = 160;
  const held = data.close.map((close) => (data.cash * close) / data.close[0]);
  const view = { from: 0, to: data.bars };
  let cursor = null;
  document.documentElement.classList.add("js");

  // numbers and stamps

  const figure = (value, digits = 2) =>
    value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits }).replace("-", "−");
  const signed = (value, digits = 2) => (value > 0 ? "+" : "") + figure(value, digits);
  const spaced = (stamp) => stamp.replace("T", " ").replace(/^(.{16}):00$/, "$1");

  // buckets of bars

  const size = data.close.length;
  const bucketOf = (bar) => Math.max(0, Math.min(size - 1, Math.floor(bar / data.barsEach)));
  const lastBar = (bucket) => Math.min((bucket + 1) * data.barsEach, data.bars) - 1;
  const centre = (bucket) => (bucket * data.barsEach + lastBar(bucket)) / 2;
  const seen = () => [bucketOf(view.from), bucketOf(view.to - 0.5)];

  function extent(columns, extra = []) {
    const [first, last] = seen();
    let low = Math.min(...extra), high = Math.max(...extra);
    for (const column of columns)
      for (let i = first; i <= last; i++) {
        if (column[i] < low) low = column[i];
        if (column[i] > high) high = column[i];
      }
    const margin = 0.05 * (high - low) || 0.05 * Math.abs(high) || 1;
    return [low - margin, high + margin];
  }

  function valueTicks(low, high, most) {
    const power = 10 ** Math.floor(Math.log10((high - low) / most));
    const step = [1, 2, 2.5, 5, 10, 20].map((f) => f * power).find((s) => (high - low) / s <= most - 1);
    const ticks = [];
    for (let i = Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++) ticks.push(i * step);
    let digits = 0;
    while (digits < 8 && ticks.some((t) => Math.abs(t - Number(t.toFixed(digits))) > 1e-9 * step)) digits++;
    return [ticks, digits];
  }

  function timeTicks(most) {
    const [first, last] = seen();
    let chosen = [];
    for (const length of [4, 7, 10, 13, 16]) {
      if (length > data.time[0].length) break;
      const starts = [];
      for (let i = first + 1; i <= last; i++)
        if (data.time[i].slice(0, length) !== data.time[i - 1].slice(0, length)) {
          const stamp = data.time[i];
          starts.push([i, length <= 10 ? stamp.slice(0, length) : `${stamp.slice(5, 10)} ${stamp.slice(11, 16)}`]);
        }
      if (starts.length > most) {
        const every = Math.ceil(starts.length / most);
        return chosen.length > 2 ? chosen : starts.filter((_, i) => i % every === 0);
      }
      if (starts.length) chosen = starts;
    }
    return chosen;
  }

  // drawing

  function add(parent, name, attributes, text) {
    const element = document.createElementNS(SVG, name);
    for (const key in attributes) element.setAttribute(key, attributes[key]);
    if (text !== undefined) element.textContent = text;
    parent.append(element);
    return element;
  }

  const layers = {
    equity: {
      range: () => {
        const columns = data.equity_low ? [data.equity_low, data.equity_high] : [data.equity];
        return extent(hold.checked ? [...columns, held] : columns, [data.cash]);
      },
      at: (bucket) => data.equity[bucket],
      paint(plot, to) {
        const curve = to.line(data.equity);
        const [first, last] = to.drawn();
        add(plot, "path", { class: "shade", d: `${curve}L${to.x(centre(last))} ${to.bottom}L${to.x(centre(first))} ${to.bottom}Z` });
        add(plot, "path", { class: "base", d: `M${left} ${to.y(data.cash)}H${to.width - right}` });
        if (hold.checked) add(plot, "path", { class: "hold", d: to.line(held) });
        if (data.equity_low) add(plot, "path", { class: "band", d: to.band(data.equity_low, data.equity_high) });
        add(plot, "path", { class: "curve", d: curve });
      },
    },
    drawdown: {
      range: () => [Math.min(-0.01, 1.06 * Math.min(...seenPart(data.drawdown))), 0],
      at: (bucket) => data.drawdown[bucket],
      unit: " %",
      paint(plot, to) {
        const curve = to.line(data.drawdown);
        const [first, last] = to.drawn();
        add(plot, "path", { class: "depth", d: `${curve}L${to.x(centre(last))} ${above}L${to.x(centre(first))} ${above}Z` });
        add(plot, "path", { class: "depth-line", d: curve });
      },
    },
    price: {
      range: () => extent([data.low, data.high], fills().map((fill) => fill.price)),
      at: (bucket) => data.close[bucket],
      paint(plot, to) {
        const [first, last] = seen();
        if (last - first < CANDLES) candles(plot, to);
        else {
          add(plot, "path", { class: "band", d: to.band(data.low, data.high) });
          add(plot, "path", { class: "close", d: to.line(data.close) });
        }
        paintTrades(plot, to);
      },
    },
  };

  function seenPart(column) {
    const [first, last] = seen();
    return column.slice(first, last + 1);
  }

  function candles(plot, to) {
    const [first, last] = to.drawn();
    const body = Math.max(1, ((to.x(data.barsEach) - to.x(0)) * 0.66) / 2);
    for (let i = first; i <= last; i++) {
      const x = to.x(centre(i));
      const kind = data.close[i] >= data.open[i] ? "rise" : "fall";
      const [top, bottom] = [to.y(Math.max(data.open[i], data.close[i])), to.y(Math.min(data.open[i], data.close[i]))];
      add(plot, "path", { class: "wick", d: `M${x} ${to.y(data.high[i])}V${to.y(data.low[i])}` });
      add(plot, "path", { class: `candle ${kind}`, d: `M${x - body} ${top}h${2 * body}v${Math.max(0.6, bottom - top)}h${-2 * body}z` });
    }
  }

  function fills() {
    const found = [];
    const note = (bar, price) => bar >= view.from && bar < view.to && found.push({ bar, price });
    for (const [, entry, exit, , entryPrice, exitPrice] of data.trades) note(entry, entryPrice), note(exit, exitPrice);
    for (const [entry, , , price] of data.held) note(entry, price);
    return found;
  }

  function paintTrades(plot, to) {
    const visible = (entry, exit) => exit >= view.from - 1 && entry <= view.to + 1;
    const half = 5.5, r = 4;
    const way = (kind, x0, y0, x1, y1) => add(plot, "path", { class: `way ${kind}`, d: `M${x0} ${y0}L${x1} ${y1}` });
    const entryMark = (x, y, size) =>
      add(plot, "path", { class: `entry ${size > 0 ? "long" : "short"}`, d: `M${x} ${y}l${-half} ${Math.sign(size) * 2 * half}h${2 * half}z` });
    const trades = data.trades.filter((trade) => visible(trade[1], trade[2]));
    const open = data.held.filter((trade) => visible(trade[0], trade[1]));
    for (const [, e, o, , p, q, pnl] of trades) way(pnl > 0 ? "gain" : "loss", to.x(e), to.y(p), to.x(o), to.y(q));
    for (const [e, o, , p, q] of open) way("open", to.x(e), to.y(p), to.x(o), to.y(q));
    for (const [, , exit, , , price, pnl] of trades) {
      const x = to.x(exit), y = to.y(price);
      if (pnl > 0) add(plot, "path", { class: "exit gain", d: `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z` });
      else add(plot, "path", { class: "exit loss", d: `M${x - r} ${y - r}l${2 * r} ${2 * r}m0 ${-2 * r}l${-2 * r} ${2 * r}` });
    }
    for (const [, entry, , size, price] of trades) entryMark(to.x(entry), to.y(price), size);
    for (const [entry, , size, price] of open) entryMark(to.x(entry), to.y(price), size);
  }

  function scales(svg) {
    const width = Math.max(280, svg.parentNode.clientWidth), height = heights.get(svg);
    const [low, high] = layers[svg.dataset.panel].range();
    const drawn = () => {
      const [first, last] = seen();
      return [Math.max(0, first - 1), Math.min(size - 1, last + 1)];
    };
    const x = (bar) => round(left + ((bar + 0.5 - view.from) / (view.to - view.from)) * (width - left - right));
    const y = (value) => round(above + ((high - value) / (high - low)) * (height - above - below));
    const points = (column) => {
      const [first, last] = drawn(), found = [];
      for (let i = first; i <= last; i++) found.push(`${x(centre(i))} ${y(column[i])}`);
      return found;
    };
    return {
      width, height, low, high, drawn, x, y,
      bottom: height - below,
      line: (column) => `M${points(column).join("L")}`,
      band: (lower, upper) => `M${points(upper).join("L")}L${points(lower).reverse().join("L")}Z`,
      bar: (at) => view.from + ((at - left) / (width - left - right)) * (view.to - view.from),
    };
  }
  const round = (value) => Math.round(value * 10) / 10;

  const shown = new Map();

  function draw(svg) {
    const to = scales(svg), layer = layers[svg.dataset.panel];
    const title = svg.querySelector("title");
    svg.replaceChildren(title);
    svg.setAttribute("viewBox", `0 0 ${to.width} ${to.height}`);
    svg.setAttribute("height", to.height);
    const grid = add(svg, "g", { class: "grid" });
    const [ticks, digits] = valueTicks(to.low, to.high, to.height > 200 ? 6 : 4);
    for (const tick of ticks) {
      add(grid, "path", { d: `M${left} ${to.y(tick)}H${to.width - right}` });
      add(grid, "text", { x: to.width - right + 8, y: to.y(tick) + 4 }, figure(tick, digits) + (layer.unit || ""));
    }
    for (const [bucket, text] of timeTicks(Math.max(2, Math.floor(to.width / 120)))) {
      add(grid, "path", { d: `M${to.x(centre(bucket))} ${above}V${to.bottom}` });
      add(grid, "text", { class: "when", x: to.x(centre(bucket)), y: to.bottom + 18 }, text);
    }
    const room = to.width - left - right;
    const plot = add(svg, "svg", { x: left, y: 0, width: room, height: to.height, viewBox: `${left} 0 ${room} ${to.height}` });
    layer.paint(plot, to);
    shown.set(svg, { to, layer, over: add(svg, "g", {}) });
  }

  function drawAll() {
    charts.forEach(draw);
    point(cursor);
  }

  // the cursor

  function point(bucket) {
    const [first, last] = seen();
    cursor = bucket !== null && bucket >= first && bucket <= last ? bucket : null;
    for (const { to, layer, over } of shown.values()) {
      over.replaceChildren();
      if (cursor === null) continue;
      const x = to.x(centre(cursor));
      add(over, "path", { class: "cursor", d: `M${x} ${above}V${to.bottom}` });
      add(over, "circle", { class: "spot", cx: x, cy: to.y(layer.at(cursor)), r: 4 });
    }
    if (cursor === null) tip.hidden = true;
  }

  function story(bucket) {
    const first = bucket * data.barsEach, last = lastBar(bucket);
    const inside = (bar) => bar >= first && bar <= last;
    const price = (value) => figure(value, data.digits);
    const lines = [
      spaced(data.time[bucket]) + (last > first ? ` and ${last - first} more bars` : ""),
      `Open ${price(data.open[bucket])}   High ${price(data.high[bucket])}`,
      `Low ${price(data.low[bucket])}   Close ${price(data.close[bucket])}`,
      `Equity ${figure(data.equity[bucket])}   Drawdown ${figure(data.drawdown[bucket])} %`,
    ];
    const entered = (size, at) => `▸ ${size > 0 ? "Long" : "Short"} ${figure(Math.abs(size), 0)} at ${price(at)}`;
    for (const [number, entry, exit, size, entryPrice, exitPrice, pnl, percent] of data.trades) {
      if (inside(entry)) lines.push(`${entered(size, entryPrice)} (trade ${number})`);
      if (inside(exit)) lines.push(`◂ Trade ${number} closed at ${price(exitPrice)}: ${signed(pnl)} (${signed(percent)} %)`);
    }
    for (const [entry, , size, entryPrice] of data.held) if (inside(entry)) lines.push(`${entered(size, entryPrice)}, still open`);
    return lines.length > 12 ? [...lines.slice(0, 12), `and ${lines.length - 12} more`] : lines;
  }

  function tell(bucket, x, y) {
    point(bucket);
    if (cursor === null) return;
    tip.textContent = story(cursor).join("\n");
    tip.hidden = false;
    const box = tip.getBoundingClientRect();
    tip.style.left = `${x + 18 + box.width > innerWidth ? Math.max(4, x - 18 - box.width) : x + 18}px`;
    tip.style.top = `${Math.max(4, Math.min(y + 14, innerHeight - box.height - 4))}px`;
  }

  // the part that is shown

  function look(from, to) {
    const least = Math.min(data.bars, 8 * data.barsEach);
    const width = Math.max(least, Math.min(data.bars, to - from));
    const middle = (from + to) / 2;
    view.from = Math.max(0, Math.min(data.bars - width, middle - width / 2));
    view.to = view.from + width;
    drawAll();
  }

  function zoom(how, around = (view.from + view.to) / 2) {
    const width = view.to - view.from, share = (around - view.from) / width;
    const scaled = (factor) => look(around - share * width * factor, around + (1 - share) * width * factor);
    const moves = {
      in: () => scaled(0.5),
      out: () => scaled(2),
      back: () => look(view.from - width / 2, view.to - width / 2),
      on: () => look(view.from + width / 2, view.to + width / 2),
      all: () => look(0, data.bars),
    };
    moves[how]();
  }

  for (const button of document.querySelectorAll("[data-zoom]")) button.addEventListener("click", () => zoom(button.dataset.zoom));
  hold.addEventListener("change", drawAll);

  function listen(svg) {
    let start = null;
    const place = (event) => event.clientX - svg.getBoundingClientRect().left;
    const barAt = (x) => shown.get(svg).to.bar(x);
    const end = () => {
      start = null;
      point(null);
    };
    svg.setAttribute("tabindex", "0");
    svg.setAttribute("role", "group");
    svg.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      start = place(event);
      svg.setPointerCapture(event.pointerId);
    });
    svg.addEventListener("pointermove", (event) => {
      const x = place(event);
      tell(bucketOf(barAt(x)), event.clientX, event.clientY);
      if (start === null || Math.abs(x - start) < 5) return;
      const { over, to } = shown.get(svg);
      add(over, "rect", { class: "brush", x: Math.min(x, start), y: above, width: Math.abs(x - start), height: to.bottom - above });
    });
    svg.addEventListener("pointerup", (event) => {
      const x = place(event), from = start;
      start = null;
      if (from !== null && Math.abs(x - from) >= 5) look(barAt(Math.min(x, from)), barAt(Math.max(x, from)));
    });
    svg.addEventListener("pointercancel", end);
    svg.addEventListener("pointerleave", () => start === null && end());
    svg.addEventListener("blur", () => point(null));
    svg.addEventListener("dblclick", () => zoom("all"));
    svg.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      zoom(event.deltaY < 0 ? "in" : "out", barAt(place(event)));
    }, { passive: false });
    svg.addEventListener("keydown", (event) => onKey(svg, event));
  }

  function onKey(svg, event) {
    const zooms = { "+": "in", "=": "in", "-": "out", 0: "all", Escape: "all" };
    const steps = { ArrowLeft: -1, ArrowRight: 1, PageUp: -20, PageDown: 20 };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in zooms) zoom(zooms[event.key], cursor === null ? undefined : centre(cursor));
    else if (event.key in steps) {
      const next = bucketOf(((cursor ?? bucketOf((view.from + view.to) / 2)) + steps[event.key]) * data.barsEach);
      const bar = centre(next), width = view.to - view.from;
      if (bar < view.from || bar >= view.to) look(bar - width / 2, bar + width / 2);
      const box = svg.getBoundingClientRect();
      tell(next, box.left + shown.get(svg).to.x(bar), box.top + 20);
    } else return;
    event.preventDefault();
  }

  // the table of trades

  function showTrade(number) {
    const trade = data.trades.find((one) => one[0] === number);
    const pad = Math.max(15 * data.barsEach, (trade[2] - trade[1]) * 0.6);
    look(trade[1] - pad, trade[2] + pad);
    const svg = charts.find((one) => one.dataset.panel === "price");
    svg.closest("section").scrollIntoView({ block: "center", behavior: "smooth" });
    point(bucketOf(trade[1]));
  }

  function sortBy(table, column, header) {
    const rising = header.getAttribute("aria-sort") === "ascending";
    for (const other of header.parentNode.children) other.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", rising ? "descending" : "ascending");
    const key = (row) => {
      const value = row.children[column].dataset.value;
      if (value === undefined) return row.children[column].textContent;
      return value === "" ? null : Number(value);
    };
    const order = (a, b) => (a < b ? -1 : a > b ? 1 : 0) * (rising ? -1 : 1);
    const rows = [...table.tBodies[0].rows].map((row) => [key(row), row]);
    rows.sort(([a], [b]) => (a === null || b === null ? (a === null) - (b === null) : order(a, b)));
    table.tBodies[0].append(...rows.map(([, row]) => row));
  }

  for (const table of document.querySelectorAll("table.sortable")) {
    [...table.tHead.rows[0].cells].forEach((header, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = header.textContent;
      button.addEventListener("click", () => sortBy(table, column, header));
      header.replaceChildren(button);
    });
    for (const row of table.tBodies[0].rows) {
      const number = Number(row.dataset.trade);
      const button = document.createElement("button");
      button.type = "button";
      button.className = "show";
      button.textContent = number;
      button.setAttribute("aria-label", `Show trade ${number} in the chart`);
      row.cells[0].replaceChildren(button);
      row.addEventListener("click", () => getSelection().isCollapsed && showTrade(number));
    }
  }

  charts.forEach(listen);
  let waiting = 0;
  addEventListener("resize", () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(drawAll);
  });
  addEventListener("beforeprint", () => zoom("all"));
  drawAll();
})();
