# What R makes of formulas: attr(terms(f), ...) for the fixed part, lme4::findbars for the random terms.
# Run in this folder, in a UTF-8 locale: LC_ALL=C.UTF-8 Rscript terms.R > terms.json   (R 4.2, lme4 1.1-31)
suppressMessages(library(lme4))

fixed <- c(
  "y ~ 1", "y ~ 0", "y ~ 1 + 0", "y ~ 0 + 1", "~ a", "~ a + b:a", "y ~ a", "y ~ +a", "y ~ -a + a", "y ~ (a)", "y ~ ((a + b))",
  "y ~ 0 + a", "y ~ a - 1", "y ~ -1 + a", "y ~ a + 0", "y ~ a - 0", "y ~ a + 1 - 1", "y ~ a - 1 + 1", "y ~ a + -1", "y ~ a - (1)", "y ~ (0 + a)",
  "y ~ (a - 1)*b", "y ~ (a - 1):b", "y ~ b + (a - 1)", "y ~ (1 + a)/b", "y ~ a + TRUE", "y ~ a + 0 + b", "y ~ a - 1 - 0",
  "y ~ b:a + a", "y ~ a + b:a", "y ~ a*b", "y ~ b:a", "y ~ c:b + a:b", "y ~ a:b + b:a", "y ~ b + a:b + b:a:c", "y ~ a:b:a", "y ~ a:a",
  "y ~ a + b:c + d + a:d", "y ~ (a + b):(c + d)", "y ~ a:(b + c)", "y ~ a*b*c", "y ~ a*b*c - a:b:c", "y ~ a*1", "y ~ 1:a",
  "y ~ (a + b)^2", "y ~ (a + b + c)^2", "y ~ (a + b + c + d)^3", "y ~ (a*b)^2", "y ~ a^2", "y ~ (a + b)**2", "y ~ (a + b + c - b)^2", "y ~ (c:a + b)^2",
  "y ~ (a + b)^9", "y ~ (0 + a)^2",
  "y ~ a/b", "y ~ a/(b + c)", "y ~ (a + b)/c", "y ~ a/b/c", "y ~ a/(b*c)", "y ~ (a*b)/c", "y ~ a/b^2", "y ~ a/1", "y ~ a/b - a",
  "y ~ a %in% b", "y ~ a + b %in% a", "y ~ (a + b) %in% c", "y ~ a %in% b %in% c", "y ~ a %in% (b + c)", "y ~ a*b %in% c", "y ~ (a + b %in% a)^2",
  "y ~ a - b %in% a + b %in% a",
  "y ~ a + b + a:b - a", "y ~ a + (b - a)", "y ~ a - (b - a)", "y ~ a - (a + b) + b", "y ~ a - a", "y ~ -b + a:b",
  "y ~ offset(o) + a", "y ~ a + offset(log(o)) + b", "y ~ a + (b + offset(o))", "y ~ offset(o) + offset(p) + offset(o)",
  "y ~ log(x+1)", "y ~ I(x^2)", "y ~ poly(x,2)", "y ~ I((x+1)/2)", "y ~ log((x))", "y ~ (log(x))", "y ~ I(x==\"b\")", "y ~ I(x=='b')", "y ~ I(-x)", "y ~ I(- -x)",
  "y ~ I(x*(a-b)^-2)", "y ~ I(a%in%b)", "y ~ I(a%%b)", "y ~ I(a:b)", "y ~ I(x^(1/2))", "y ~ I(x**2)", "y ~ I(!a)", "y ~ I(a<b&a>=c)", "y ~ I((a|b))", "y ~ I(2*-x)",
  "y ~ I(-x^2)", "y ~ I((-x)^2)", "y ~ I(-x:z)", "y ~ I(!a&b)", "y ~ I(!a==b)", "y ~ I(a-(b-c))", "y ~ I(a/b/c)", "y ~ I(a/(b*c))", "y ~ I(2^3^x)", "y ~ I((2^3)^x)",
  "y ~ I(a*b%%c:d)", "y ~ I('a\"b\\n')", "y ~ I(x=='it\\'s')", "y ~ I(x==\"\\u00e9\\t\")",
  "y ~ x==1", "y ~ !x", "y ~ x>1 & z", "y ~ poly(x,degree=2,raw=TRUE)", "y ~ ns(x, df = 3)", "y ~ ifelse(x>1,2,3)", "y ~ relevel(a,ref='b')",
  "y ~ I(100000)+I(1e5*x)+I(0.1*x)+I(1e-3*x)+I(1e-5*x)+I(123456789*x)+I(1L*x)+I(0.1234567890123456789*x)",
  "y ~ I(123456*x)+I(1234567890123456789*x)+I(.5*x)+I(2.*x)+I(1e300*x)+I(1.5e-7*x)+I(0.00012*x)+I(1200000*x)+I(0*x)+I(3.14159265358979*x)+I(1e15*x)+I(1e-300)",
  "y ~ `my var`", "y ~ `my var`:a", "y ~ `a`", "y ~ log(`my var`)", "y ~ `if`", "y ~ `a:b` + a:b", "y ~ `a\\`b`", "y ~ `log(x)` + log(x)", "y ~ `1st` + `_x` + `.2a`",
  "y ~ .x + x.1 + x_2", "y ~ \u00e9 + \u00e9:a",
  "y ~ x:poly(z,2):a", "y ~ log(x)*a", "y ~ a:log(x) + log(x)", "y ~ poly(x,2):a + a", "log(y) ~ x", "cbind(a,b) ~ x", "a+b ~ x", "I(y^2) ~ x", "y-1 ~ x", "`my y` ~ x"
)
mixed <- c(
  "y ~ x + (1 | a)", "y ~ x + (x | a)", "y ~ (0 + x | a)", "y ~ (-1 + x | a)", "y ~ (x - 1 | a)", "y ~ (1 + x:z + x | a)", "y ~ (x*z | a)", "y ~ (poly(x,2) | a)",
  "y ~ (1 | a) + x + (0 + x | a)", "y ~ (1 | a) + (1 | b)", "y ~ 0 + (1 | a)", "y ~ (1 | a) + offset(z)", "y ~ b:a + (1 | g) + a",
  "y ~ (1 | a/b)", "y ~ (x | a/b)", "y ~ (1 | a/b/c)", "y ~ (1 | a/b/c/d)", "y ~ (1 | a/b) + (1 | b/c)", "y ~ (1 | a:b)", "y ~ (1 | b:a)", "y ~ (1 | a:b:c)", "y ~ (1 | a/b:c)",
  "y ~ (1 | `my g`)", "y ~ (1 | `my g`/b)", "y ~ (1 | b:`my g`)", "y ~ (1 | factor(a))", "y ~ (1 | interaction(a, b))"
)

quoted <- function(text) {
  if (length(text) == 0) return(character())
  text <- gsub("\\", "\\\\", enc2utf8(text), fixed = TRUE)
  paste0('"', gsub("\t", "\\t", gsub("\n", "\\n", gsub('"', '\\"', text, fixed = TRUE), fixed = TRUE), fixed = TRUE), '"')
}
list_of <- function(items) paste0("[", paste(items, collapse = ", "), "]")
code <- function(expression) paste(deparse(expression, width.cutoff = 500L, backtick = TRUE), collapse = " ")
parts <- function(formula) {
  t <- terms(formula)
  variables <- vapply(as.list(attr(t, "variables"))[-1], code, "")
  offsets <- if (is.null(attr(t, "offset"))) character() else variables[attr(t, "offset")]
  paste0('"terms": ', list_of(quoted(attr(t, "term.labels"))), ', "orders": ', list_of(attr(t, "order")),
         ', "intercept": ', tolower(attr(t, "intercept") == 1), ', "offsets": ', list_of(quoted(offsets)))
}
fixed_case <- function(text) {
  formula <- as.formula(text)
  response <- if (length(formula) == 3) quoted(code(formula[[2]])) else "null"
  paste0('  {"formula": ', quoted(text), ', "response": ', response, ", ", parts(formula), ', "random": []}')
}
bar <- function(b) {
  effects <- as.formula(call("~", b[[2]]))
  label <- if (is.name(b[[3]])) as.character(b[[3]]) else paste(deparse(b[[3]]), collapse = "")
  paste0('{"group": ', quoted(label), ", ", parts(effects), "}")
}
mixed_case <- function(text) {
  formula <- as.formula(text)
  paste0('  {"formula": ', quoted(text), ', "response": "y", ', parts(nobars(formula)), ', "random": ',
         list_of(vapply(findbars(formula), bar, "")), "}")
}
cat("[\n", paste(c(vapply(fixed, fixed_case, ""), vapply(mixed, mixed_case, "")), collapse = ",\n"), "\n]\n", sep = "")
