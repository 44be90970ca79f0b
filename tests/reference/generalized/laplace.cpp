// Laplace approximation, by automatic differentiation (TMB; Kristensen et al. 2016), of the mixed models for which no R
// package gives a dependable reference: cumulative models with structured thresholds, nominal effects, scale effects or a
// singular optimum, the adjacent-category model, inverse Gaussian responses, and other families at a boundary.
//
// Spherical random effects u ~ N(0, I); term k adds sum_s z_s (lambda_k u)_s to a row's linear predictor eta. lambda_k is a
// lower triangle without any bound on its entries, so that a variance of zero is an ordinary point.
//
//   cumulative         P(y <= j) = F((t_j - eta) / s),   t_j = thresholds %*% psi,   log s = scale %*% zeta
//   adjacent category  log P(y = j) / P(y = j + 1) = t_j - eta
//   inverse Gaussian   density with mean exp(eta) and dispersion phi: sqrt(1 / (2 pi phi y^3)) exp(-(y - mu)^2 / (2 phi mu^2 y))
#include <TMB.hpp>

template <class Type>
Type probability(Type x, int link) {
  switch (link) {
    case 0: return invlogit(x);
    case 1: return pnorm(x);
    case 2: return Type(1) - exp(-exp(x));
    case 3: return exp(-exp(-x));
    default: return atan(x) / Type(M_PI) + Type(0.5);
  }
}

template <class Type>
Type objective_function<Type>::operator()() {
  DATA_INTEGER(family);  // 0 cumulative, 1 adjacent category, 2 binomial logit, 3 Poisson log, 4 inverse Gaussian log,
                         // 5 beta-binomial logit (a = mu phi, b = (1 - mu) phi), 6 negative binomial log (variance mu + mu^2 / phi)
  DATA_INTEGER(link);    // of a cumulative model: 0 logit, 1 probit, 2 cloglog, 3 loglog, 4 cauchit
  DATA_INTEGER(categories);
  DATA_VECTOR(y);        // a category counts from 1
  DATA_VECTOR(trials);
  DATA_VECTOR(weights);
  DATA_VECTOR(offset);
  DATA_MATRIX(X);
  DATA_MATRIX(Z);        // the random columns of all terms side by side
  DATA_IMATRIX(level);   // one column a term, counted from 0
  DATA_IVECTOR(columns); // random columns of each term
  DATA_IVECTOR(levels);
  DATA_MATRIX(threshold); // rows of threshold j of row i: i * (categories - 1) + j
  DATA_MATRIX(scale);
  PARAMETER_VECTOR(beta);
  PARAMETER_VECTOR(psi);
  PARAMETER_VECTOR(zeta);
  PARAMETER_VECTOR(theta);
  PARAMETER_VECTOR(logphi); // one element, for families with a dispersion
  PARAMETER_VECTOR(u);

  Type objective = -dnorm(u, Type(0), Type(1), true).sum();
  vector<Type> eta = offset + X * beta;
  int at = 0, first = 0, column = 0;
  for (int k = 0; k < columns.size(); k++) {
    int S = columns(k);
    matrix<Type> lambda(S, S);
    lambda.setZero();
    for (int b = 0; b < S; b++)
      for (int a = b; a < S; a++) lambda(a, b) = theta(at++);
    for (int i = 0; i < y.size(); i++)
      for (int a = 0; a < S; a++) {
        Type effect = 0;
        for (int b = 0; b <= a; b++) effect += lambda(a, b) * u(first + level(i, k) * S + b);
        eta(i) += Z(i, column + a) * effect;
      }
    first += S * levels(k);
    column += S;
  }

  vector<Type> t = threshold * psi;
  vector<Type> logScale = scale * zeta;
  for (int i = 0; i < y.size(); i++) {
    Type value = 0;
    if (family == 0) {
      int j = CppAD::Integer(y(i)), base = i * (categories - 1);
      Type below = 0, upto = 1;
      if (j < categories) upto = probability((t(base + j - 1) - eta(i)) / exp(logScale(i)), link);
      if (j > 1) below = probability((t(base + j - 2) - eta(i)) / exp(logScale(i)), link);
      value = log(upto - below);
    } else if (family == 1) {
      int j = CppAD::Integer(y(i)), base = i * (categories - 1);
      Type sum = 0, chain = 0, own = 0;
      for (int c = categories; c >= 1; c--) {
        if (c < categories) chain += t(base + c - 1) - eta(i);
        sum += exp(chain);
        if (c == j) own = chain;
      }
      value = own - log(sum);
    } else if (family == 2) {
      value = dbinom_robust(y(i), trials(i), eta(i), true);
    } else if (family == 3) {
      value = dpois(y(i), exp(eta(i)), true);
    } else if (family == 5) {
      Type phi = exp(logphi(0)), a = invlogit(eta(i)) * phi, b = phi - a, m = trials(i);
      value = lgamma(m + 1) - lgamma(y(i) + 1) - lgamma(m - y(i) + 1) + lgamma(y(i) + a) + lgamma(m - y(i) + b) - lgamma(m + phi) - lgamma(a) - lgamma(b) + lgamma(phi);
    } else if (family == 6) {
      Type mu = exp(eta(i)), phi = exp(logphi(0));
      value = lgamma(y(i) + phi) - lgamma(phi) - lgamma(y(i) + 1) + phi * log(phi) + y(i) * eta(i) - (y(i) + phi) * log(phi + mu);
    } else {
      Type mu = exp(eta(i)), phi = exp(logphi(0)), r = (y(i) - mu) / mu;
      value = -0.5 * (log(2 * M_PI * phi) + 3 * log(y(i)) + r * r / (phi * y(i)));
    }
    objective -= weights(i) * value;
  }
  REPORT(eta);
  return objective;
}
