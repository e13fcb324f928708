"use strict";
// The data is untrusted text: it reaches the page through text nodes only, never as markup, attributes that act, or code.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const find = (id) => document.getElementById(id);
  const PAGE = 200;
  const KINDS = ["violation", "unmatched", "drift", "known", "note"];

  /** An element with a class and children, each a node or text. */
  const make = (tag, name, ...children) => {
    const node = document.createElement(tag);
    if (name) node.className = name;
    for (const child of children) if (child !== null && child !== undefined) node.append(child);
    return node;
  };
  /** A sentence in which what stands in backticks is code. */
  const sentence = (text) => {
    const pieces = text.split("`");
    if (pieces.length % 2 === 0) return [text];
    return pieces.map((piece, index) => (index % 2 ? make("code", "", piece) : piece));
  };
  const plural = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;

  // The head.
  const verdict = find("verdict");
  verdict.textContent = data.holds ? "✓ The contract holds" : "✗ The contract does not hold";
  verdict.className = data.holds ? "good" : "bad";
  document.title = `${data.holds ? "holds" : "does not hold"} · Wireproof report`;
  const totals = [
    [data.summary.exchanges, "exchanges"], [data.summary.conforms, "conform"], [data.summary.drift, "drift"],
    [data.summary.violation, "break the contract"], [data.summary.unmatched, "belong to no operation"],
    [data.summary.known, "findings are known drift"], [data.summary.unusable, "entries cannot be used"],
  ];
  for (const [count, words] of totals) {
    if (count || words === "exchanges") find("totals").append(make("li", "", make("strong", "", String(count)), ` ${words}`));
  }

  // What fails beside the exchanges.
  const problem = (text, details) => {
    const item = make("li", "bad", text);
    if (details && details.length) item.append(make("ul", "plain", ...details.map((detail) => make("li", "", detail))));
    find("problem-list").append(item);
    find("problems").hidden = false;
  };
  for (const { recording, reason } of data.unreadable) problem(`${recording} cannot be read: ${reason}`);
  for (const proof of data.proofs) {
    for (const part of proof.parts) {
      if (part.state === "broken" || part.state === "unusable") problem(`${proof.vendor ?? "generated package"}: ${part.part}: ${part.text}`, part.details);
    }
  }
  for (const vendor of data.vendors) for (const text of vendor.drift) problem(text);

  // The filters.
  const options = (id, all, values) => {
    for (const [value, text] of [["", all], ...values.map((value) => [value, value])]) {
      const option = make("option", "", text);
      option.value = value;
      find(id).append(option);
    }
    find(id).closest("label").hidden = values.length < 2;
  };
  const distinct = (values) => [...new Set(values.filter((value) => value !== null))].sort();
  options("vendor", "all vendors", distinct([...data.groups.map((group) => group.vendor), ...data.vendors.map((vendor) => vendor.name)]));
  options("rule", "all rules", distinct(data.groups.map((group) => group.rule)));
  const boxes = new Map();
  for (const kind of KINDS) {
    const count = data.groups.filter((group) => group.kind === kind).length;
    if (!count) continue;
    const box = make("input");
    box.type = "checkbox";
    box.checked = box.defaultChecked = true;
    box.value = kind;
    boxes.set(kind, box);
    find("kinds").append(make("label", "", box, `${kind === "known" ? "known drift" : kind} (${count})`));
  }
  const words = (text) => text.toLowerCase().split(/\s+/).filter(Boolean);
  for (const group of data.groups) {
    const places = group.examples.flatMap((example) => [example.recording, example.url, example.instance, `#${example.entry}`]);
    group.text = [group.vendor, group.subject, group.rule, group.message, group.schema, group.spec, ...group.statuses, ...places].join("\n").toLowerCase();
  }

  // The findings.
  const snippet = (part) => {
    const code = make("code");
    part.lines.forEach((line, index) => {
      code.append(make("span", "number", `${String(part.first + index).padStart(5)}  `));
      if (index === part.line) {
        const letters = [...line];
        code.append(letters.slice(0, part.start).join(""), make("mark", "", letters.slice(part.start, part.end).join("") || " "), letters.slice(part.end).join(""));
      } else {
        code.append(line);
      }
      code.append("\n");
    });
    const block = make("pre", "", code);
    block.tabIndex = 0;
    return make("figure", "", make("figcaption", "", `${part.name}: ${part.label}`), block);
  };
  const facts = (pairs) => {
    const list = make("dl");
    for (const [name, value] of pairs) if (value) list.append(make("dt", "", name), make("dd", "mono", value));
    return list;
  };
  const body = (group) => {
    const examples = group.examples.map((example) => {
      const status = example.status ? String(example.status) : "example";
      return make("li", "mono", `${example.recording} #${example.entry}: ${example.method} ${example.url} → ${status}${example.instance ? `, at ${example.instance}` : ""}`);
    });
    const rest = group.places - examples.length;
    if (rest > 0) examples.push(make("li", "faint", `and ${plural(rest, "more place")}, each in the JSON report`));
    return make("div", "",
      facts([["document", group.spec], ["schema", group.schema], ["about", `the ${group.on}`], ["rule", data.rules[group.rule]], ["types", group.types]]),
      group.snippets.length ? make("div", "sides", ...group.snippets.map(snippet)) : null,
      make("h3", "", "Where it was met"), make("ul", "plain", ...examples));
  };
  const card = (group) => {
    const label = group.kind === "known" ? "known drift" : group.kind;
    const count = group.exchanges > 1 ? ` · ${plural(group.exchanges, "exchange")}` : "";
    const summary = make("summary", "", make("span", `badge badge-${KINDS.includes(group.kind) ? group.kind : "note"}`, label),
      make("code", "rule", group.rule), " ", ...sentence(group.message), make("span", "faint", ` — ${group.vendor ? `${group.vendor} ` : ""}${group.subject}${count}`));
    const node = make("details", `finding kind-${KINDS.includes(group.kind) ? group.kind : "note"}`, summary);
    // What is inside is made when it is first opened, so that thousands of findings cost little.
    node.addEventListener("toggle", () => { if (node.open && node.children.length === 1) node.append(body(group)); });
    return node;
  };
  let limit = PAGE;
  const wanted = () => {
    const sought = words(find("search").value);
    const [vendor, rule] = [find("vendor").value, find("rule").value];
    return { sought, vendor, rule };
  };
  const showFindings = () => {
    const { sought, vendor, rule } = wanted();
    const fits = (group) => boxes.get(group.kind)?.checked && (!vendor || group.vendor === vendor) && (!rule || group.rule === rule)
      && sought.every((word) => group.text.includes(word));
    const groups = data.groups.filter(fits);
    find("finding-list").replaceChildren(...groups.slice(0, limit).map(card));
    find("shown").textContent = data.groups.length ? `${groups.length} of ${data.groups.length}` : "none";
    find("more").hidden = groups.length <= limit;
    if (limit === PAGE && groups.length && groups.length <= 3) find("finding-list").firstChild.open = true;
  };

  // The grid.
  const grid = (vendor, operations) => {
    const statuses = distinct(vendor.operations.flatMap((operation) => operation.cells.map((cell) => cell.status)));
    const head = make("tr", "", ...["operation", "verdict", "exchanges", ...statuses, "undocumented"].map((text) => {
      const cell = make("th", "", text);
      cell.scope = "col";
      return cell;
    }));
    const rows = operations.map((operation) => {
      const row = make("tr");
      const name = make("th", "mono", operation.label);
      name.scope = "row";
      row.append(name, make("td", "", make("span", `badge badge-${operation.verdict}`, operation.verdict)), make("td", "number", String(operation.exchanges)));
      for (const status of statuses) {
        const cells = operation.cells.filter((cell) => cell.status === status);
        const cell = make("td", "number");
        for (const { type, seen } of cells) {
          cell.append(make("span", seen ? "cell-seen" : "cell-never", seen ? String(seen) : "never"));
          if (type) cell.append(make("small", "", type));
        }
        row.append(cell);
      }
      row.append(make("td", "number", operation.undocumented ? String(operation.undocumented) : ""));
      return row;
    });
    const table = make("table", "", make("thead", "", head), make("tbody", "", ...rows));
    const frame = make("div", "scroll", table);
    frame.tabIndex = 0;
    return frame;
  };
  const showVendors = () => {
    const { sought, vendor } = wanted();
    const sections = data.vendors.filter((one) => !vendor || one.name === vendor).map((one) => {
      const fits = one.operations.filter((operation) => sought.every((word) => operation.label.toLowerCase().includes(word)));
      const operations = fits.length ? fits : one.operations;
      const shown = operations.slice(0, 5 * PAGE);
      const { exchanges, conforms } = one.summary;
      const title = make("h3", "", one.name ?? "The document", make("span", "count",
        ` ${one.title ?? ""} · ${conforms} of ${plural(exchanges, "exchange")} conform · ${one.answers.seen} of ${plural(one.answers.total, "documented answer")} seen`));
      const more = operations.length - shown.length;
      return make("div", "", title, grid(one, shown), more > 0 ? make("p", "faint", `and ${plural(more, "more operation")}: search for them`) : null);
    });
    find("vendor-list").replaceChildren(...sections);
  };

  // The notes.
  for (const { recording, message } of data.notes) find("note-list").append(make("li", "", `${recording}: ${message}`));
  for (const { recording, entry, reason } of data.unusable) find("note-list").append(make("li", "", `${recording} entry ${entry} cannot be used: ${reason}`));
  if (data.beyond) find("note-list").append(make("li", "", `${data.beyond} more findings are not listed: the JSON report has them all`));
  find("notes").hidden = !find("note-list").children.length;
  find("footer").textContent = `${data.tool.name} ${data.tool.version}`;

  const show = () => { limit = PAGE; showFindings(); showVendors(); };
  find("filters").addEventListener("input", show);
  find("filters").addEventListener("submit", (event) => event.preventDefault());
  find("filters").addEventListener("reset", () => setTimeout(show));
  find("more").addEventListener("click", () => { limit += PAGE; showFindings(); });
  show();
})();
