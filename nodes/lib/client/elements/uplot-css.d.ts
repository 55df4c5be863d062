/** The build gives the text of a style sheet. */
declare module "uplot/dist/uPlot.min.css" {
  const css: string;
  export default css;
}
