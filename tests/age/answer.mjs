// Seals and opens by the npm package age-encryption, as it is asked: the requests and answers of
// tests/tools/sealed.c, of those that name a passphrase.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(process.argv[2] + "/");
const age = await import(pathToFileURL(require.resolve("age-encryption")));

const passphraseOf = (word) => Buffer.from(word, "hex").toString("utf8");

async function lock(words, bytes) {
  const encrypter = new age.Encrypter();
  encrypter.setPassphrase(passphraseOf(words[2]));
  encrypter.setScryptWorkFactor(Number(words[1]));
  const sealed = await encrypter.encrypt(bytes);
  return words[0] === "lock-armoured" ? Buffer.from(age.armor.encode(sealed)) : sealed;
}

async function unlock(words, bytes) {
  const decrypter = new age.Decrypter();
  decrypter.addPassphrase(passphraseOf(words[1]));
  const isArmoured = bytes.subarray(0, 10).toString() === "-----BEGIN";
  const sealed = isArmoured ? age.armor.decode(bytes.toString("latin1")) : bytes;
  return decrypter.decrypt(sealed, "uint8array");
}

async function answer(words, bytes) {
  try {
    const out = words[0] === "unlock" ? await unlock(words, bytes) : await lock(words, bytes);
    return ["yes", Buffer.from(out)];
  } catch (problem) {
    return ["no", Buffer.from(String(problem))];
  }
}

let waiting = Buffer.alloc(0);
for await (const part of process.stdin) {
  waiting = Buffer.concat([waiting, part]);
  for (let end = waiting.indexOf(10); end >= 0; end = waiting.indexOf(10)) {
    const words = waiting.subarray(0, end).toString().split(" ");
    const size = Number(words.pop());
    if (waiting.length < end + 1 + size) {
      break;
    }
    const bytes = waiting.subarray(end + 1, end + 1 + size);
    waiting = waiting.subarray(end + 1 + size);
    const [word, out] = await answer(words, bytes);
    process.stdout.write(Buffer.concat([Buffer.from(`${word} ${out.length}\n`), out]));
  }
}
