/** The schema of the GraphQL door. Images are 64 pixel intensities, 0 to 16, row by row. */
export const typeDefs = /* GraphQL */ `
  type Query {
    "The server, as the Open Inference Protocol describes it."
    server: Server!
    "A model that is served; null for one that is not."
    model(name: ID!): Model
    "Predicts one image. Several of one request are asked of the model as one batch."
    predict(model: ID!, pixels: [Float!]!): Prediction
    "Predicts each image by itself: one that can't be predicted is null, with an error at its place."
    predictMany(model: ID!, images: [[Float!]!]!): [Prediction]!
  }

  type Server {
    name: String!
    version: String!
    ready: Boolean!
  }

  type Model {
    name: ID!
    versions: [String!]!
    platform: String!
    ready: Boolean!
  }

  type Prediction {
    label: Int!
    "Of each digit, 0 to 9."
    probabilities: [Float!]!
    "The link that predicted it, or local/ and the rung of the degrade ladder."
    servedBy: String!
    "The rung of the degrade ladder that it is from; null when it is not degraded."
    degraded: String
    "Null where it is not known."
    modelVersion: String
  }
`;
