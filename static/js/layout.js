// Lays a map out, away from the page: a dense one may take seconds, and the page
// stops waiting when it takes too long. Told boxes [id, width, height] and lines
// [from, to, weight], it answers where the middle of each box should be.
addEventListener("message", async ({ data: { dagre, boxes, lines } }) => {
  const library = await import(dagre);
  const near = short(rowsOf(lay(library, boxes, lines)), lines);
  postMessage(fold(rowsOf(lay(library, boxes, near)), near));
});

const LONG = 3; // rows
const TALL = 1500; // px, above which a story is folded
const SHAPE = 1.5; // width to height that a folded story should have
const GUTTER = 150; // px between two columns, for the lines that run there

function lay({ Graph, layout }, boxes, lines) {
  const graph = new Graph();
  graph.setGraph({ rankdir: "TB", nodesep: 48, ranksep: 80, edgesep: 8 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const [id, width, height] of boxes) graph.setNode(id, { width, height });
  for (const [from, to, weight] of lines) graph.setEdge(from, to, { weight: weight * weight });
  layout(graph);
  return boxes.map(([id, width, height]) => ({ id, width, height, x: graph.node(id).x, y: graph.node(id).y }));
}

// rowsOf sorts boxes into rows, from the top.
function rowsOf(boxes) {
  const rows = new Map();
  for (const box of boxes) rows.set(box.y, [...(rows.get(box.y) ?? []), box]);
  return [...rows].sort(([a], [b]) => a - b).map(([, row]) => row);
}

// short leaves out the lines that go far down: room kept for them bends everything
// else out of shape, and they are drawn beside the boxes anyway. The shortest one
// to a box stays.
function short(rows, lines) {
  const row = new Map(rows.flatMap((boxes, i) => boxes.map((box) => [box.id, i])));
  const fall = ([from, to]) => row.get(to) - row.get(from);
  const nearest = new Map();
  for (const line of lines) {
    const known = nearest.get(line[1]);
    if (fall(line) > 0 && (!known || fall(line) < fall(known))) nearest.set(line[1], line);
  }
  return lines.filter((line) => fall(line) <= LONG || nearest.get(line[1]) === line);
}

// fold breaks a tall story into columns, as a newspaper does.
function fold(rows, lines) {
  const all = rows.flat();
  const width = right(all) - left(all), height = rows.at(-1)[0].y - rows[0][0].y;
  const columns = height > TALL ? Math.max(1, Math.round(Math.sqrt((SHAPE * height) / (width + GUTTER)))) : 1;
  const cuts = [0, ...Array.from({ length: columns - 1 }, (_, c) => cut(rows, lines, ((c + 1) * rows.length) / columns, rows.length / columns / 5)), rows.length];
  const answer = [];
  let offset = 0;
  for (let c = 0; c < columns; c++) {
    const part = rows.slice(cuts[c], cuts[c + 1]), boxes = part.flat();
    for (const { id, x, y } of boxes) answer.push([id, Math.round(x - left(boxes) + offset), Math.round(y - part[0][0].y)]);
    offset += right(boxes) - left(boxes) + GUTTER;
  }
  return answer;
}

// cut is the row near the one wanted above which the fewest lines are cut.
function cut(rows, lines, wanted, slack) {
  const row = new Map(rows.flatMap((boxes, i) => boxes.map((box) => [box.id, i])));
  const severed = (at) => lines.reduce((sum, [from, to, weight]) => sum + (row.get(from) < at && row.get(to) >= at ? weight : 0), 0);
  let best = Math.round(wanted);
  for (let at = Math.ceil(wanted - slack); at <= wanted + slack; at++) if (severed(at) < severed(best)) best = at;
  return best;
}

const left = (boxes) => Math.min(...boxes.map((box) => box.x - box.width / 2));
const right = (boxes) => Math.max(...boxes.map((box) => box.x + box.width / 2));
