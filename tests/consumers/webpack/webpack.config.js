export default {
  mode: 'production',
  entry: './src/main.ts',
  output: { module: true, filename: 'main.js' },
  experiments: { outputModule: true },
  devtool: false,
  module: { rules: [{ test: /\.ts$/, loader: 'ts-loader' }] },
}
