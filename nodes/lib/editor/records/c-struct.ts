import { type MessageKey, sentence } from "../../text/sentence";
import { UserError } from "../../text/user-error";
import { parseStructTemplate, type SavedStructField } from "../../udp/decoders/struct/struct-template";

/** A text is not a struct of C that can be read. */
export class CStructError extends UserError {
  readonly code = "NO_C_STRUCT";

  constructor(key: MessageKey, values: Record<string, string | number> = {}) {
    super(sentence(key, values));
  }
}

/** As compilers for 32 bits have them, which are those of most devices on a network. */
const TYPES: Readonly<Record<string, string>> = {
  bool: "bool",
  _Bool: "bool",
  boolean: "bool",
  char: "i8",
  "unsigned char": "u8",
  "signed char": "i8",
  byte: "u8",
  word: "u16",
  short: "i16",
  "unsigned short": "u16",
  int: "i32",
  "unsigned int": "u32",
  unsigned: "u32",
  long: "i32",
  "unsigned long": "u32",
  "long long": "i64",
  "unsigned long long": "u64",
  float: "f32",
  double: "f64",
  ...Object.fromEntries(
    [8, 16, 32, 64].flatMap((bits) => [
      [`uint${bits}_t`, `u${bits}`],
      [`int${bits}_t`, `i${bits}`],
    ]),
  ),
};

const COMMENTS = /\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;
const PACKED = /\bpacked\b|#\s*pragma\s+pack\s*\(\s*(?:push\s*,\s*)?1\s*\)/i;
const BODY = /\bstruct\b[^{;]*\{([^{}]*)\}/;
const DECLARATION =
  /^(?:(?:const|volatile)\s+)*([\w\s]+?)\s*\b(\w+(?:\s*\[\s*\d+\s*\]|\s*:\s*\d+)?(?:\s*,\s*\w+(?:\s*\[\s*\d+\s*\]|\s*:\s*\d+)?)*)$/;
const DECLARATOR = /^(\w+)(?:\s*\[\s*(\d+)\s*\]|\s*:\s*(\d+))?$/;
const MAX_ITEMS = 256;

/**
 * The rows of a record's description that a struct of C gives: little endian, and unless it is packed, every field at a
 * multiple of its size, as compilers lay it out.
 * @param source as it stands in a program, with comments and all
 * @throws {CStructError} when there is no struct in it, or one that cannot be described so
 */
export function rowsOfStruct(source: string): SavedStructField[] {
  const text = source.replace(COMMENTS, " ");
  const [, body] = BODY.exec(text) ?? [];
  if (body === undefined) throw new CStructError("decode.c-struct-none");
  const isPacked = PACKED.test(text);
  const rows: SavedStructField[] = [];
  for (const statement of body.split(";").map((each) => each.trim().replace(/\s+/g, " "))) {
    if (statement !== "") addDeclaration(rows, statement, isPacked);
    if (rows.length > MAX_ITEMS) throw new CStructError("decode.c-struct-long", { max: MAX_ITEMS });
  }
  if (rows.length === 0) throw new CStructError("decode.c-struct-none");
  return rows;
}

function addDeclaration(rows: SavedStructField[], statement: string, isPacked: boolean): void {
  const [, written = "", declarators] = DECLARATION.exec(statement) ?? [];
  if (declarators === undefined) throw new CStructError("decode.c-struct-field", { field: statement });
  const type = TYPES[written.replace(/^(unsigned |)(short|long|long long) int$/, "$1$2")];
  if (type === undefined) throw new CStructError("decode.c-struct-type", { type: written, field: statement });
  for (const declarator of declarators.split(",")) {
    const [, name = "", items, bits] = DECLARATOR.exec(declarator.trim()) ?? [];
    if (items !== undefined && written === "char") add(rows, { name, type: `text:${items}` }, 1);
    else if (items !== undefined) addArray(rows, { name, type }, { items: Number(items), isPacked });
    else if (bits !== undefined) add(rows, { name, type: `${type}:${bits}` }, 1);
    else add(rows, { name, type }, isPacked ? 1 : sizeOf(type));
  }
}

function addArray(
  rows: SavedStructField[],
  { name, type }: { readonly name: string; readonly type: string },
  { items, isPacked }: { readonly items: number; readonly isPacked: boolean },
): void {
  if (items > MAX_ITEMS) throw new CStructError("decode.c-struct-long", { max: MAX_ITEMS });
  for (let index = 0; index < items; index++) {
    add(rows, { name: `${name}${index}`, type }, isPacked ? 1 : sizeOf(type));
  }
}

/** Where the field does not follow the one before, it gets an offset. */
function add(rows: SavedStructField[], row: SavedStructField, alignment: number): void {
  const end = endOf(rows);
  const offset = Math.ceil(end / alignment) * alignment;
  rows.push(offset === end ? row : { ...row, offset });
}

function endOf(rows: readonly SavedStructField[]): number {
  return Math.max(0, ...parseStructTemplate(rows, "structTemplate").map(({ offset, bytes }) => offset + bytes));
}

function sizeOf(type: string): number {
  return type === "bool" ? 1 : Number(type.slice(1)) / 8;
}
