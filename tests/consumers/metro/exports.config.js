// The default of Metro since 0.82: it reads `exports`.
module.exports = { resolver: { unstable_enablePackageExports: true } }
