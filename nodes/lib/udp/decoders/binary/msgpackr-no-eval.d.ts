/** The build without native code and code generation, which the library exports without types. */
declare module "msgpackr/unpack-no-eval" {
  export class Unpackr {
    constructor(options: { useRecords: false; mapsAsObjects: true });
    unpack(source: Uint8Array): unknown;
  }
}
