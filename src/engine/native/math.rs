//! Functions of one row or one matrix, written so that the compiler can vectorise them.

use ndarray::{Array1, Array2, ArrayViewMut1, ArrayViewMut2, Axis};

/// Layer normalisation of each row: `(x - mean) / sqrt(var + eps) * weight + bias`
/// (Ba et al., 2016), with the population variance. Shape `[tokens, width]`.
pub(super) fn layer_norm(x: &mut Array2<f32>, weight: &Array1<f32>, bias: &Array1<f32>, eps: f32) {
    let n = x.ncols() as f32;
    for mut row in x.rows_mut() {
        let mean = row.sum() / n;
        row.mapv_inplace(|v| v - mean);
        let variance = row.iter().map(|v| v * v).sum::<f32>() / n;
        let scale = 1.0 / (variance + eps).sqrt();
        row.zip_mut_with(weight, |v, &w| *v *= scale * w);
        row += bias;
    }
}

/// GELU by the error function: `x / 2 * (1 + erf(x / sqrt 2))` (Hendrycks and Gimpel, 2016).
pub(super) fn gelu(x: &mut Array2<f32>) {
    x.mapv_inplace(|v| 0.5 * v * (1.0 + erf(v * std::f32::consts::FRAC_1_SQRT_2)));
}

/// Error function as a rational function of an odd and an even polynomial; the
/// coefficients are Eigen's (`generic_fast_erf_float`), exact to a few units in the last place.
#[inline(always)]
fn erf(x: f32) -> f32 {
    let x = x.clamp(-4.0, 4.0);
    let y = x * x;
    let p = -2.726_142_3e-10_f32;
    let p = p * y + 2.770_681_4e-8;
    let p = p * y - 2.101_024e-6;
    let p = p * y - 5.692_506_4e-5;
    let p = p * y - 7.349_906_3e-4;
    let p = p * y - 2.954_6e-3;
    let p = (p * y - 1.609_603_3e-2) * x;
    let q = -1.456_607_2e-5_f32;
    let q = q * y - 2.133_740_6e-4;
    let q = q * y - 1.682_827e-3;
    let q = q * y - 7.373_329_2e-3;
    let q = q * y - 1.426_473_9e-2;
    p / q
}

/// Softmax of each row.
pub(super) fn softmax_rows(x: &mut ArrayViewMut2<f32>) {
    for mut row in x.axis_iter_mut(Axis(0)) {
        softmax(&mut row);
    }
}

fn softmax(row: &mut ArrayViewMut1<f32>) {
    let top = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    row.mapv_inplace(|v| exp(v - top));
    let scale = 1.0 / row.sum();
    row.mapv_inplace(|v| v * scale);
}

/// `e^x` for `x <= 0`: two to the power of an integer times a polynomial on the rest
/// (the coefficients are Cephes' `expf`). Below -87 the answer is as good as 0.
#[inline(always)]
fn exp(x: f32) -> f32 {
    let x = x.max(-87.0);
    let whole = (x * std::f32::consts::LOG2_E).round();
    // ln 2 in two parts, so that the product with a small integer is exact.
    let r = x - whole * 0.693_359_4 + whole * 2.121_944_4e-4;
    let p = 1.987_569_1e-4_f32;
    let p = p * r + 1.398_2e-3;
    let p = p * r + 8.333_452e-3;
    let p = p * r + 4.166_579_6e-2;
    let p = p * r + 1.666_666_5e-1;
    let p = p * r + 0.5;
    let p = p * r * r + r + 1.0;
    p * f32::from_bits(((whole as i32 + 127) << 23) as u32)
}

/// Hyperbolic tangent of each value.
pub(super) fn tanh(x: &mut Array2<f32>) {
    x.mapv_inplace(f32::tanh);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn erf_is_close_everywhere() {
        // Values of the error function to ten digits.
        for (x, want) in [
            (0.0, 0.0),
            (0.1, 0.112_462_916_0),
            (0.5, 0.520_499_877_8),
            (1.0, 0.842_700_793_0),
            (2.0, 0.995_322_265_0),
            (3.0, 0.999_977_909_5),
            (9.0, 1.0),
        ] {
            assert!((f64::from(erf(x)) - want).abs() < 5e-7, "erf({x}) = {}", erf(x));
            assert!((f64::from(erf(-x)) + want).abs() < 5e-7);
        }
    }

    #[test]
    fn exp_is_close_below_zero() {
        for i in 0..8700 {
            let x = -(i as f32) / 100.0;
            let want = f64::from(x).exp();
            assert!(((f64::from(exp(x)) - want) / want).abs() < 3e-7, "exp({x})");
        }
        assert!(exp(-1e9) < 1e-37);
    }

    #[test]
    fn softmax_of_a_row_sums_to_one() {
        let mut x = ndarray::arr2(&[[1e4f32, 0.0, 1e4], [0.0, 0.0, 0.0]]);
        softmax_rows(&mut x.view_mut());
        assert_eq!(x.row(0).to_vec(), [0.5, x[[0, 1]], 0.5]);
        assert!(x[[0, 1]] < 1e-37);
        assert!((x.row(1).sum() - 1.0).abs() < 1e-6);
    }

    #[test]
    fn layer_norm_has_mean_bias_and_deviation_weight() {
        let mut x = ndarray::arr2(&[[1.0f32, 2.0, 3.0, 4.0]]);
        layer_norm(&mut x, &Array1::from_elem(4, 2.0), &Array1::from_elem(4, 1.0), 1e-12);
        let s = 2.0 / 1.25f32.sqrt();
        for (got, want) in x.iter().zip([-1.5, -0.5, 0.5, 1.5]) {
            assert!((got - (want * s + 1.0)).abs() < 1e-5);
        }
    }
}
