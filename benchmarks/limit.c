/* The inner parts of the core in plain C: the same operations on the same tables, (member, lane), as `limit.py` checks
   to the last bit. Everything is done `times` over. */

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef double four __attribute__((vector_size(32), aligned(8)));

static uint32_t bits_of(float x) { uint32_t w; memcpy(&w, &x, 4); return w; }
static float float_of(uint32_t w) { float x; memcpy(&x, &w, 4); return x; }

/* One pair in one lane, or in four: how near the two are, and what each hears of the other. */
#define PAIR(NUMBER, XI, XJ, PI, HI, PJ, HJ, TO_I, TO_J, IN_BOUND)                                                     \
    NUMBER gap = XJ - XI, ratio = gap * per, inside = 1.0 - ratio * ratio, in_bound = IN_BOUND;                        \
    NUMBER g = in_bound * in_bound, to_i = TO_I * g, to_j = TO_J * g;                                                  \
    PI += to_i * gap; HI += to_i; PJ -= to_j * gap; HJ += to_j;

/* All pairs, a row of lanes at a time, as the core does. voice: NULL where members hear by weights. */
static void rows_of_lanes(long n, long lanes, const double *x, const double *voice, const double *weight,
                          const double *per_bound, double *pull, double *heard) {
    for (long i = 0; i < n; i++)
        for (long j = i + 1; j < n; j++) {
            const double *xi = x + i * lanes, *xj = x + j * lanes, *vi = voice + i * lanes, *vj = voice + j * lanes;
            double *pi = pull + i * lanes, *pj = pull + j * lanes, *hi = heard + i * lanes, *hj = heard + j * lanes;
            double i_hears = weight[i * n + j], j_hears = weight[j * n + i];
#define IN_BOUND (inside > 0.0 ? inside : 0.0)
            if (voice)
                for (long l = 0; l < lanes; l++) {
                    double per = per_bound[l];
                    PAIR(double, xi[l], xj[l], pi[l], hi[l], pj[l], hj[l], vj[l], vi[l], IN_BOUND)
                }
            else
                for (long l = 0; l < lanes; l++) {
                    double per = per_bound[l];
                    PAIR(double, xi[l], xj[l], pi[l], hi[l], pj[l], hj[l], i_hears, j_hears, IN_BOUND)
                }
#undef IN_BOUND
        }
}

/* All pairs, four lanes at a time, with the sums of the one who hears in registers. */
static void four_lanes(long n, long lanes, const double *x, const double *voice, const double *weight,
                       const double *per_bound, double *pull, double *heard) {
    four *X = malloc(4 * n * sizeof(four)), *V = X + n, *P = V + n, *H = P + n;
    for (long l = 0; l < lanes; l += 4) {
        four per = *(const four *)(per_bound + l);
        for (long i = 0; i < n; i++) {
            X[i] = *(const four *)(x + i * lanes + l), P[i] = *(four *)(pull + i * lanes + l);
            H[i] = *(four *)(heard + i * lanes + l);
            if (voice) V[i] = *(const four *)(voice + i * lanes + l);
        }
        for (long i = 0; i < n; i++) {
            four xi = X[i], pi = P[i], hi = H[i];
#define IN_BOUND (four)((inside > 0.0) & (__typeof__(inside > 0.0))inside)
            if (voice)
                for (long j = i + 1; j < n; j++) { PAIR(four, xi, X[j], pi, hi, P[j], H[j], V[j], V[i], IN_BOUND) }
            else
                for (long j = i + 1; j < n; j++) {
                    PAIR(four, xi, X[j], pi, hi, P[j], H[j], weight[i * n + j], weight[j * n + i], IN_BOUND)
                }
#undef IN_BOUND
            P[i] = pi, H[i] = hi;
        }
        for (long i = 0; i < n; i++) *(four *)(pull + i * lanes + l) = P[i], *(four *)(heard + i * lanes + l) = H[i];
    }
    free(X);
}

/* A talk by the soft bound. x: stances, far away those of the absent if there is no voice. own: n, how loud each is to themselves. fours: whether four lanes at a time. */
void talk(long times, long fours, long n, long lanes, const double *x, const double *stance, const double *first,
          const double *present, const double *voice, const double *own, const double *weight,
          const double *susceptibility, const double *attachment, const double *bound, double *moved) {
    double *per_bound = malloc((lanes + n * lanes) * sizeof(double)), *heard = per_bound + lanes;
    for (long t = 0; t < times; t++) {
        for (long l = 0; l < lanes; l++) per_bound[l] = 1.0 / bound[l];
        memset(moved, 0, n * lanes * sizeof(double));
        for (long i = 0; i < n; i++)
            for (long l = 0; l < lanes; l++) heard[i * lanes + l] = weight[i * n + i] * own[i * lanes + l];
        (fours ? four_lanes : rows_of_lanes)(n, lanes, x, voice, weight, per_bound, moved, heard);
        for (long i = 0; i < n; i++)
            for (long l = 0; l < lanes; l++) {
                long k = i * lanes + l;
                double towards = heard[k] > 0.0 ? moved[k] / heard[k] : 0.0;
                double step = susceptibility[l] * towards + attachment[l] * (first[k] - stance[k]);
                moved[k] = stance[k] + present[k] * step;
            }
    }
    free(per_bound);
}

/* Products of 32 bits by 32, four at a time: where a compiler does not find its processor's instruction by itself. */
typedef uint64_t words __attribute__((vector_size(32), aligned(8)));
typedef uint32_t halves __attribute__((vector_size(16), aligned(4)));
#ifdef __AVX2__
#include <immintrin.h>
#define TIMES(FACTOR, X) (words)_mm256_mul_epu32(_mm256_set1_epi64x(FACTOR), (__m256i)(X))
#else
#define TIMES(FACTOR, X) ((X & 0xFFFFFFFFu) * (uint64_t)FACTOR)
#endif

#define WORDS(L)                                                                                                       \
    words zero = {0}, a = *(const words *)(replicate + L), b = zero + moment, c = zero + purpose, d = zero + member;   \
    uint32_t k0 = seed[0], k1 = seed[1];                                                                               \
    for (int round = 0; round < 10; round++) {                                                                         \
        words one = TIMES(0xD2511F53u, a), two = TIMES(0xCD9E8D57u, c);                                                \
        a = (two >> 32) ^ b ^ (uint64_t)k0, b = two, c = (one >> 32) ^ d ^ (uint64_t)k1, d = one;                      \
        k0 += 0x9E3779B9u, k1 += 0xBB67AE85u;                                                                          \
    }

/* One uniform number a lane. */
void uniforms(long times, long lanes, const uint64_t *seed, const uint64_t *replicate, uint64_t purpose,
              uint64_t member, double *into) {
    for (uint64_t moment = 0; moment < (uint64_t)times; moment++)
        for (long l = 0; l < lanes; l += 4) {
            WORDS(l)
            four word = (four)((a & 0xFFFFFFFFu) | 0x4330000000000000u);
            *(four *)(into + l) = (word - 0x1p52 + 0.5) * 0x1p-32;
        }
}

/* Four normal numbers a lane. */
void normals(long times, long lanes, const uint64_t *seed, const uint64_t *replicate, uint64_t purpose,
             uint64_t member, float *into) {
    uint32_t *drawn = malloc(4 * lanes * sizeof(uint32_t));
    for (uint64_t moment = 0; moment < (uint64_t)times; moment++) {
        for (long l = 0; l < lanes; l += 4) {
            WORDS(l)
            words row[4] = {a, b, c, d};
            for (int k = 0; k < 4; k++) *(halves *)(drawn + k * lanes + l) = __builtin_convertvector(row[k], halves);
        }
        for (long pair = 0; pair < 2; pair++) {
            const uint32_t *radii = drawn + 2 * pair * lanes, *angles = radii + lanes;
            float *one = into + 2 * pair * lanes, *other = one + lanes;
            for (long l = 0; l < lanes; l++) {
                float u = ((float)(int32_t)(radii[l] >> 1) + 0.5f) * 0x1p-31f;
                int32_t bits = bits_of(u), exponent = (bits - (int32_t)bits_of(0.70710678f)) >> 23;
                float m = float_of(bits - (int32_t)((uint32_t)exponent << 23)), s = (m - 1.0f) / (m + 1.0f), q = s * s;
                float sum = (((1.0f / 9 * q + 1.0f / 7) * q + 1.0f / 5) * q + 1.0f / 3) * q + 1.0f;
                float log = (float)exponent * 0.6931471805599453f + 2.0f * s * sum, radius = sqrtf(-2.0f * log);
                uint32_t angle = angles[l], doubled = angle << 1;
                float t = (float)(int32_t)(angle & 0x3FFFFFFFu) * (float)(1.5707963267948966 * 0x1p-30)
                          - (float)0.7853981633974483;
                q = t * t;
                float sine = t * ((((1.0f / 362880 * q - 1.0f / 5040) * q + 1.0f / 120) * q - 1.0f / 6) * q + 1.0f);
                float cosine = (((1.0f / 40320 * q - 1.0f / 720) * q + 1.0f / 24) * q - 0.5f) * q + 1.0f;
                int odd = (int32_t)doubled < 0;
                float across = odd ? sine : cosine, along = odd ? cosine : sine;
                one[l] = radius * float_of(bits_of(across) ^ ((angle ^ doubled) & 0x80000000u));
                other[l] = radius * float_of(bits_of(along) ^ (angle & 0x80000000u));
            }
        }
    }
    free(drawn);
}

/* The drift of a week of members whose normal numbers are there. */
void drift(long times, long n, long lanes, const double *first, const double *reversion, const double *noise,
           const float *z, double low, double high, double *stance) {
    for (long t = 0; t < times; t++)
        for (long i = 0; i < n; i++)
            for (long l = 0; l < lanes; l++) {
                long k = i * lanes + l;
                double x = stance[k] + reversion[l] * (first[k] - stance[k]) + noise[l] * (double)z[k];
                x = x > low ? x : low;
                stance[k] = x < high ? x : high;
            }
}

/* Stances into bins of a byte's number, and their sum in fixed point, for `dates` tables one after another. */
void count(long dates, long n, long lanes, const double *stance, double low, double high, uint32_t *bins,
           int64_t *sums) {
    const double steps = 0x1p36, many = 0x1p52;
    uint8_t *places = malloc(lanes);
    for (long row = 0; row < dates * n; row++) {
        const double *x = stance + row % n * lanes;
        uint64_t total = 0;
        for (long l = 0; l < lanes; l++) {
            double fraction = (x[l] - low) / (high - low), place = fraction * 200.0, sum;
            uint64_t word;
            sum = floor(fraction * steps + 0.5) + many;
            memcpy(&word, &sum, 8);
            total += word ^ 0x4330000000000000u;
            place = place > 0.0 ? place : 0.0;
            places[l] = (uint8_t)(int32_t)(place < 199.0 ? place : 199.0);
        }
        for (long l = 0; l < lanes; l++) bins[row * 200 + places[l]]++;
        sums[row] += (int64_t)total;
    }
    free(places);
}
