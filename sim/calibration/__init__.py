"""The posterior of a debate's parameters and first stances, given what is documented of it.

`record` collects what histories are compared with: outcomes, counts and named votes (`ballot_likelihood`,
`count_likelihood`) and reported stances (`observation_likelihood`). `likelihood` puts these together, `smc` samples,
`calibration` runs the sampler several times and pools what it finds in a `Fit`, which `posterior_summary` sums up and
`predictions` plays on. Nothing here judges the model: that is `evaluation`.
"""
