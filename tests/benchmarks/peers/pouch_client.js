// A PouchDB over leveldb that does what it is told: one JSON command a line, one JSON answer a line.
const fs = require('fs');
const path = require('path');
const wanted = require('module').createRequire(path.join(process.env.PEERS_NODE, 'x.js'));
const PouchDB = wanted('pouchdb');
const open = {};
const database = (name) => open[name] || (open[name] = new PouchDB(name));

function documents(file) {
  const lines = fs.readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => {
    const document = JSON.parse(line);
    document._id = document.source_id;
    return document;
  });
}

function ended(replication) {
  return new Promise((done, failed) => replication.on('complete', done).on('error', failed));
}

async function written(name, some) {
  const answers = await database(name).bulkDocs(some);
  const refused = answers.find((answer) => answer.error);
  if (refused) throw new Error(JSON.stringify(refused));
  return answers.length;
}

const orders = {
  async fill({ name, file }) {
    const every = documents(file);
    for (let at = 0; at < every.length; at += 500) await written(name, every.slice(at, at + 500));
    return { count: every.length };
  },
  async push({ name, url, batch }) {
    const done = await ended(database(name).replicate.to(url, { batch_size: batch }));
    return { count: done.docs_written };
  },
  async pull({ name, url, batch }) {
    const done = await ended(database(name).replicate.from(url, { batch_size: batch }));
    return { count: done.docs_written };
  },
  async sync({ name, url, batch }) {
    const done = await ended(PouchDB.sync(database(name), url, { batch_size: batch }));
    return { count: done.push.docs_written + done.pull.docs_written };
  },
  async edit({ name, count, values }) {
    const found = await database(name).allDocs({ include_docs: true, limit: count });
    return { count: await written(name, found.rows.map((row) => Object.assign(row.doc, values))) };
  },
  async conflicts({ name }) {
    const found = await database(name).allDocs({ include_docs: true, conflicts: true });
    return { count: found.rows.filter((row) => row.doc._conflicts).length };
  },
};

const lines = require('readline').createInterface({ input: process.stdin });
lines.on('line', async (line) => {
  const order = JSON.parse(line);
  const began = process.hrtime.bigint();
  let answer;
  try {
    answer = await orders[order.order](order);
  } catch (problem) {
    answer = { error: String(problem.stack || problem) };
  }
  console.log(JSON.stringify({ ...answer, seconds: Number(process.hrtime.bigint() - began) / 1e9 }));
});
lines.on('close', () => process.exit(0));
console.log(JSON.stringify({ ready: true }));
