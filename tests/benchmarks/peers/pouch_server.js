// express-pouchdb over leveldb, as its handbook sets it up.  node pouch_server.js PORT FOLDER (packages from PEERS_NODE)
const path = require('path');
const [port, folder] = process.argv.slice(2);
const wanted = require('module').createRequire(path.join(process.env.PEERS_NODE, 'x.js'));
const PouchDB = wanted('pouchdb').defaults({ prefix: folder + '/' });
const app = wanted('express')();
app.use(wanted('express-pouchdb')(PouchDB, { mode: 'minimumForPouchDB' }));
app.listen(Number(port), '127.0.0.1', () => console.log(JSON.stringify({ ready: true })));
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
