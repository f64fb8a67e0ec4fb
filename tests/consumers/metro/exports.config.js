// What Metro does by default since 0.82: it reads `exports`.
module.exports = { resolver: { unstable_enablePackageExports: true } }
