/** The wine data of the R package ordinal (Randall 1989): 72 ratings of bitterness, 0 to 4; temp warm and contact yes are 1. */
const digits = (text: string): number[] => Array.from(text, Number);

export const WINE = {
  rating: Int32Array.from(digits("233444551213235423325544323232532343333332322454112223232223333412323244"), (x) => x - 1),
  temp: Float64Array.from(digits("000011110000111100001111".repeat(3))),
  contact: Float64Array.from(digits("0011".repeat(18))),
};
