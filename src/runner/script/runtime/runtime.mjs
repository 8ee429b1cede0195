// Mainspring's runtime of `node` jobs: started by the worker for one attempt, it loads the job's
// code, calls prepare(ctx) and run(ctx), and writes the result document.
//
// Two lines come through stdin: what to load, and what to run it for. Where processes are kept warm
// the second comes later, and prepare(ctx) has been called by then.
//
// Nothing but Node.js's own modules; Node.js 18 or newer.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import module from 'node:module'
import net from 'node:net'
import path from 'node:path'
import process from 'node:process'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { format } from 'node:util'

const STACK_LIMIT = 64 << 10 // of an error's stack; what is more is cut out of its middle
const MESSAGE_LIMIT = 16 << 10
const FILES_LIMIT = 500 // that are looked after, of a process that waits
const PROGRESS_PAUSE = 100 // ms: the worker looks every half second, more lines help nobody
const PROGRESS_MESSAGE = 300 // characters; the worker takes lines of 1,000 bytes
const TERMINATED = 128 + 15 // the exit code after SIGTERM, as a shell has it
const TEMPORARY = 75 // EX_TEMPFAIL, as for commands
const OWN_URL = import.meta.url
const OWN_DIRECTORY = path.dirname(fileURLToPath(OWN_URL))
const CODE_FILE = path.join(OWN_DIRECTORY, 'code.mjs')

// The attempt failed, and another one may succeed; not before `after`, such as '30s'.
class Retryable extends Error {
  constructor(message, { after, ...options } = {}) {
    super(message, options)
    if (after !== undefined) this.retryAfter = toDuration(after)
  }
}

// The attempt failed; `retry.only`, if the job has one, does not call it retryable.
class Fatal extends Error {}

// SIGTERM has come: the reason of ctx.signal.
class Cancelled extends Error {
  constructor() {
    super('SIGTERM asked this attempt to end')
  }
}

// What run() returned is no result.
class ResultError extends Error {}

for (const kind of [Retryable, Fatal, Cancelled, ResultError]) {
  Object.defineProperty(kind.prototype, 'name', { value: kind.name, configurable: true })
}

// The text of a duration, from one or from seconds.
function toDuration(value) {
  if (typeof value === 'string') return value
  if (typeof value !== 'number' || !(value >= 0 && value < 1e10)) {
    throw new TypeError(`${format(value)} is no duration: give seconds, or a text such as '30s'`)
  }
  return `${Math.round(value * 1000)}ms`
}

// What run(ctx) gets, and prepare(ctx) before there is a run.
class Context {
  #outputs = {}
  #controller = new AbortController()
  #isWatched = false // whether the job's code has asked for the signal
  #progress = null // the line that waits
  #progressAt = -Infinity
  #timer = null
  #files = {
    progress: process.env.MAINSPRING_PROGRESS_FILE,
    extend: process.env.MAINSPRING_EXTEND_FILE,
  }

  constructor(setup) {
    this.job = setup.job
    this.tenant = setup.tenant
  }

  #begin(told) {
    this.params = told.params
    this.runId = told.run_id
    this.attempt = told.attempt
    this.epoch = told.epoch
    this.scheduledAt = new Date(told.scheduled_at)
  }

  // Aborted by SIGTERM. Code that never asks for it is ended by SIGTERM at once.
  get signal() {
    this.#isWatched = true
    return this.#controller.signal
  }

  get cancelled() {
    return this.signal.aborted
  }

  progress(fraction, message = '') {
    if (typeof fraction !== 'number' || !(fraction >= 0 && fraction <= 1)) {
      throw new RangeError(`progress is a number from 0 to 1, not ${format(fraction)}`)
    }
    const text = String(message).replaceAll('\n', ' ').slice(0, PROGRESS_MESSAGE)
    this.#progress = `${fraction.toFixed(6)} ${text}`.trimEnd()
    const left = this.#progressAt + PROGRESS_PAUSE - performance.now()
    if (left <= 0) {
      this.#progressAt = performance.now()
      this.#flush()
    } else if (this.#timer === null) {
      this.#timer = setTimeout(() => this.#flush(), left).unref()
    }
  }

  #flush() {
    clearTimeout(this.#timer)
    this.#timer = null
    if (this.#progress !== null) fs.appendFileSync(this.#files.progress, this.#progress + '\n')
    this.#progress = null
  }

  // A sign of life, for timeout.idle, without a word.
  heartbeat() {
    fs.appendFileSync(this.#files.progress, '\n')
  }

  // Asks for that much more time, from now on, before timeout.run ends the attempt.
  extend(duration) {
    fs.appendFileSync(this.#files.extend, toDuration(duration) + '\n')
  }

  // One key of the result, for a run() that returns an object or nothing.
  output(key, value) {
    if (typeof key !== 'string') throw new TypeError('the key of an output is a string')
    checkResult(value, `the output '${key}'`, [])
    this.#outputs[key] = value
  }

  // One line of the log.
  log(...parts) {
    process.stdout.write(format(...parts) + '\n')
  }

  // The runtime's own view; the job's code cannot reach it.
  static inside(context) {
    return {
      begin: (told) => context.#begin(told),
      outputs: context.#outputs,
      flush: () => context.#flush(),
      cancel: () => context.#controller.abort(new Cancelled()),
      isWatched: () => context.#isWatched,
    }
  }
}

// --- results -------------------------------------------------------------------------------------

function typeName(value) {
  if (value === null || typeof value !== 'object') return typeof value
  return value.constructor?.name ?? 'Object'
}

function isPlain(value) {
  const prototype = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

// Refuses what JSON would not give back as it was.
function checkResult(value, where, above) {
  if (value === null || typeof value === 'boolean' || value === undefined) return
  if (typeof value === 'string') {
    if (/[\uD800-\uDFFF]/u.test(value)) {
      throw new ResultError(`${where} holds half of a surrogate pair, which is no text`)
    }
    return
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) {
      throw new ResultError(`${where} is ${value}, which JSON has no number for`)
    }
    return
  }
  if (typeof value === 'object') {
    if (above.includes(value)) throw new ResultError(`${where} holds itself`)
    if (Array.isArray(value)) {
      value.forEach((part, index) => checkResult(part, `${where}[${index}]`, [...above, value]))
      return
    }
    if (typeof value.toJSON === 'function') return checkResult(value.toJSON(), where, [...above, value])
    if (isPlain(value)) {
      for (const [key, part] of Object.entries(value)) {
        checkResult(part, `${where}.${key}`, [...above, value])
      }
      return
    }
  }
  throw new ResultError(
    `${where} is of type ${typeName(value)}, which is no result; return a plain object, an array, ` +
      'a string, a number, a boolean, null or, as a whole, a Buffer',
  )
}

function checkSize(size, limit) {
  if (size <= limit) return
  throw new ResultError(
    `the result has ${size} bytes as JSON, over the limit of ${limit}: store it elsewhere and ` +
      'give its address',
  )
}

// The output and the media type of the result document.
function makeOutput(value, outputs, limit) {
  if (value instanceof ArrayBuffer) value = Buffer.from(value)
  if (ArrayBuffer.isView(value)) {
    const encoded = Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')
    checkSize(encoded.length + 2, limit)
    return { output: encoded, media_type: 'application/octet-stream' }
  }
  checkResult(value, 'the result', [])
  const hasOutputs = Object.keys(outputs).length > 0
  if (value === undefined || value === null) value = hasOutputs ? outputs : null
  else if (typeof value === 'object' && isPlain(value)) value = { ...outputs, ...value }
  if (value === null) return {}
  checkSize(Buffer.byteLength(JSON.stringify(value)), limit)
  return { output: value }
}

// Written at once, so that a document which is there is whole.
const resultFile = process.env.MAINSPRING_RESULT_FILE
function writeStatement(members) {
  fs.writeFileSync(resultFile + '.new', JSON.stringify({ protocol_version: 1, ...members }))
  fs.renameSync(resultFile + '.new', resultFile)
}

// --- errors --------------------------------------------------------------------------------------

function cut(text, limit) {
  text = Buffer.from(text).toString() // without lone surrogates, which JSON texts may not hold
  if (text.length <= limit) return text
  const left = text.length - limit
  return `${text.slice(0, limit / 2)}\n... ${left} characters left out ...\n${text.slice(-limit / 2)}`
}

// Only the job's own frames, and paths instead of URLs; inline code is `code`, at its own lines.
function tidyStack(stack) {
  const isOurs = (line) =>
    /^\s+at /.test(line) && (line.includes(OWN_URL) || /\(?node:internal\//.test(line))
  return stack
    .split('\n')
    .filter((line) => !isOurs(line))
    .join('\n')
    .replaceAll(pathToFileURL(CODE_FILE).href, 'code')
    .replaceAll(CODE_FILE, 'code')
    .replaceAll(` imported from ${fileURLToPath(OWN_URL)}`, '')
    .replaceAll(/file:\/\/(?=\/)/g, '')
}

function stackOf(error, depth = 0) {
  let text = tidyStack(typeof error.stack === 'string' ? error.stack : String(error))
  const causes = error instanceof AggregateError ? error.errors : []
  if (error.cause !== undefined) causes.push(error.cause)
  for (const cause of depth < 8 ? causes : []) {
    text += `\ncaused by: ${cause instanceof Error ? stackOf(cause, depth + 1) : format(cause)}`
  }
  return text
}

function failureOf(error) {
  if (!(error instanceof Error)) {
    return { type: typeName(error), message: cut(format(error), MESSAGE_LIMIT), stack: '' }
  }
  const isOfResult = error instanceof ResultError
  const type = isOfResult ? 'result' : String(error.name || error.constructor?.name || 'Error')
  return {
    type,
    message: cut(tidyStack(String(error.message || type)), MESSAGE_LIMIT),
    stack: isOfResult || error instanceof Ending ? '' : cut(stackOf(error), STACK_LIMIT),
  }
}

// Where a text that is no JavaScript goes wrong: Node.js tells that on stderr alone.
function syntaxPlaceOf(entry) {
  const file = entry.code !== undefined ? CODE_FILE : entry.file
  if (file === undefined) return ''
  const { stderr, status } = spawnSync(process.execPath, ['--check', file], {
    encoding: 'utf8',
    timeout: 5000,
  })
  return status === 0 ? '' : tidyStack(stderr ?? '').replace(/\s*Node\.js v[\d.]+\s*$/, '')
}

// The process ends, or has nothing left to do, and run() has not returned.
class Ending extends Error {
  constructor(code, isAsked) {
    super(
      isAsked
        ? `process.exit(${code}) was called before run() had returned`
        : 'run() never settled: it waits for something, and nothing is left that could come',
    )
    this.name = isAsked ? 'exit' : 'unsettled'
  }
}

// --- loading -------------------------------------------------------------------------------------

// The directory `node_modules` that holds the package, from `from` upwards; or null.
function findModules(specifier, from) {
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
  for (let at = from; ; at = path.dirname(at)) {
    if (fs.existsSync(path.join(at, 'node_modules', name))) return path.join(at, 'node_modules')
    if (path.dirname(at) === at) return null
  }
}

// Packages are found by the place of who imports them. Our own directory, where inline code lies,
// has none: it gets those of the lock file, or those that a script in the working directory finds.
function linkModules(target) {
  if (target !== null) fs.symlinkSync(target, path.join(OWN_DIRECTORY, 'node_modules'))
}

function nearestModules() {
  for (let at = process.cwd(); ; at = path.dirname(at)) {
    if (fs.existsSync(path.join(at, 'node_modules'))) return path.join(at, 'node_modules')
    if (path.dirname(at) === at) return null
  }
}

// For a file elsewhere: what it imports by name comes from the lock file's packages first. What
// those import themselves is found by their place, as always.
async function preferModules(modules) {
  const base = pathToFileURL(path.join(path.dirname(modules), 'importer.mjs')).href
  process.env.NODE_PATH = [modules, process.env.NODE_PATH].filter(Boolean).join(path.delimiter)
  module.Module._initPaths() // require() looks there last
  const hooks =
    'let base; export function initialize(given) { base = given }\n' +
    'export async function resolve(name, context, next) {\n' +
    "  const isBare = !/^(\\.|\\/|#|[a-z0-9+.-]+:)/i.test(name)\n" +
    "  if (!isBare || !context.parentURL || context.parentURL.includes('/node_modules/'))\n" +
    '    return next(name, context)\n' +
    '  try { return await next(name, { ...context, parentURL: base }) }\n' +
    '  catch { return next(name, context) }\n' +
    '}\n'
  if (typeof module.register !== 'function') {
    throw new Error(
      `Node.js ${process.version} cannot tell modules where packages are; a lock_file with file or ` +
        'module needs 18.19, 20.6 or newer, or code that uses require()',
    )
  }
  module.register('data:text/javascript,' + encodeURIComponent(hooks), { data: base })
}

async function load(order) {
  try {
    return await find(order)
  } catch (error) {
    if (error instanceof SyntaxError) error.stack = syntaxPlaceOf(order.entry) || error.stack
    throw error
  }
}

async function find({ entry, node_modules: modules }) {
  if (modules) process.env.PATH = `${modules}/.bin${path.delimiter}${process.env.PATH ?? ''}`
  if (entry.code !== undefined) {
    linkModules(modules ?? nearestModules())
    fs.writeFileSync(CODE_FILE, entry.code)
    return import(pathToFileURL(CODE_FILE).href)
  }
  if (modules) await preferModules(modules)
  if (entry.file !== undefined) return import(pathToFileURL(entry.file).href)
  if (/^\.\.?\//.test(entry.module)) {
    return import(pathToFileURL(path.resolve(entry.module)).href)
  }
  linkModules(modules ?? findModules(entry.module, process.cwd()))
  return import(entry.module)
}

function findFunction(loaded, name) {
  const found = loaded[name] ?? loaded.default?.[name]
  return typeof found === 'function' ? found : null
}

// --- running -------------------------------------------------------------------------------------

let isSettled = false

function settle(members, code) {
  if (isSettled) return
  isSettled = true
  writeStatement(members)
  process.exitCode = code
}

function fail(error, context) {
  const { outputs } = Context.inside(context)
  const members = { status: 'failed', error: failureOf(error) }
  if (error instanceof Error && (error instanceof Retryable || error.retryable === true)) {
    members.status = 'retryable'
    if (error.retryAfter !== undefined) members.retry_after = toDuration(error.retryAfter)
  }
  if (Object.keys(outputs).length > 0) members.output = outputs
  settle(members, error instanceof Cancelled ? TERMINATED : 1)
}

// What ends the process, or the work, while run() has not returned.
function watch(context) {
  const inside = Context.inside(context)
  process.on('SIGTERM', () => {
    if (!inside.isWatched()) {
      fail(new Cancelled(), context)
      process.exit(TERMINATED)
    }
    inside.cancel()
  })
  for (const event of ['uncaughtException', 'unhandledRejection']) {
    process.on(event, (error) => {
      fail(error, context)
      process.exit(1)
    })
  }
  let isDrained = false
  process.on('beforeExit', () => (isDrained = true))
  process.on('exit', (code) => {
    inside.flush()
    if (isSettled) return
    const isAsked = !isDrained && code !== 13 // what Node.js gives when an await never settles
    const status = isAsked && code === TEMPORARY ? 'retryable' : 'failed'
    settle({ status, error: failureOf(new Ending(code, isAsked)) }, code || 1)
  })
}

// The function to call, or what went wrong before it could be.
async function loadAndPrepare(setup, context) {
  try {
    const loaded = await load(setup)
    const { entry } = setup
    const run = findFunction(loaded, entry.function)
    if (run === null) {
      const where = entry.file ?? entry.module ?? 'the code'
      throw new Fatal(`${where} exports no function ${entry.function}(ctx)`)
    }
    await findFunction(loaded, 'prepare')?.(context)
    return { run }
  } catch (error) {
    return { error }
  }
}

// A full pipe makes Node.js keep what is printed, and process.exit() drop it. A job that prints
// faster than it is read waits instead.
function printAtOnce() {
  for (const stream of [process.stdout, process.stderr]) stream._handle?.setBlocking?.(true)
}

async function drained() {
  for (const stream of [process.stdout, process.stderr]) {
    if (stream.writableLength > 0) await new Promise((done) => stream.write('', done))
  }
}

// The files that the job's code came from, as far as Node.js says: ES modules that it imports are
// not among them, nor are installed packages.
function ownFiles({ entry }) {
  const found = new Set(entry.file === undefined ? [] : [entry.file])
  if (entry.module !== undefined && /^\.\.?\//.test(entry.module)) {
    found.add(path.resolve(entry.module))
  }
  for (const name of Object.keys(module.createRequire(OWN_URL).cache)) {
    if (!name.includes('/node_modules/')) found.add(name)
  }
  return [...found].slice(0, FILES_LIMIT)
}

// The two lines: both in a file, or, where the process waits, through a socket, whose second one
// comes later. Meanwhile timers and sockets of prepare(ctx) go on.
class Input {
  #text = ''
  #socket = null
  #isOver = false
  #wake = () => {}

  constructor() {
    if (fs.fstatSync(0).isFile()) {
      this.#text = fs.readFileSync(0, 'utf8')
      this.#isOver = true
      return this.#hide()
    }
    this.#socket = new net.Socket({ fd: 0, readable: true, writable: true })
    this.#socket.setEncoding('utf8')
    this.#socket.on('data', (text) => this.#add(text))
    for (const event of ['end', 'error', 'close']) this.#socket.on(event, () => this.#end())
  }

  #add(text) {
    this.#text += text
    this.#wake()
  }

  #end() {
    this.#isOver = true
    this.#wake()
  }

  // Whoever reads stdin finds its end.
  #hide() {
    fs.closeSync(0)
    fs.openSync('/dev/null', 'r')
  }

  // The next line; null when none will come.
  async take() {
    this.#socket?.ref()
    let end
    while ((end = this.#text.indexOf('\n')) < 0 && !this.#isOver) {
      await new Promise((done) => (this.#wake = done))
    }
    this.#socket?.unref() // while nothing is waited for, the loop ends when the job's code is stuck
    if (end < 0) return null
    const line = this.#text.slice(0, end)
    this.#text = this.#text.slice(end + 1)
    return JSON.parse(line)
  }

  say(members) {
    this.#socket?.write(JSON.stringify(members) + '\n')
  }

  close() {
    if (this.#socket === null) return
    this.#socket.destroy() // which leaves the descriptor, as of all standard streams
    this.#socket = null
    this.#hide()
  }
}

// Code is compiled when it is first used: what stands between an order and run() is used before, so
// that no run waits a millisecond for that.
function rehearse() {
  new net.Socket().on('close', () => {}).destroy()
  fs.closeSync(fs.openSync('/dev/null', 'r'))
}

async function main() {
  printAtOnce()
  const input = new Input()
  const setup = await input.take()
  process.argv.splice(1, 1, setup.entry.file ?? setup.entry.module ?? '-e')
  globalThis.mainspring = Object.freeze({ Retryable, Fatal, Cancelled })
  const context = new Context(setup)
  watch(context)
  const { run, error } = await loadAndPrepare(setup, context)
  if (setup.waits) {
    rehearse()
    input.say({ ready: error === undefined, files: ownFiles(setup) })
  }
  const order = await input.take()
  if (order === null) {
    isSettled = true // nobody needs this process any more
    process.exit(0)
  }
  input.say({ begins: true })
  input.close()
  Object.assign(process.env, order.variables)
  const inside = Context.inside(context)
  inside.begin(order.context)
  try {
    if (error !== undefined) throw error
    const output = makeOutput(await run(context), inside.outputs, setup.result_limit)
    settle({ status: 'success', ...output }, 0)
  } catch (failure) {
    fail(failure, context)
  }
  await drained()
  process.exit() // timers and connections that are left over keep nobody waiting
}

await main()
