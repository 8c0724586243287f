// For oxlint: what a core must not take from the surroundings, where no rule of its own says so.

const noBareDate = {
  create: (context) => ({
    'NewExpression, CallExpression'(node) {
      if (node.callee.name === 'Date' && node.arguments.length === 0)
        context.report({ node, message: 'The time is handed in.' });
    },
  }),
};

export default { meta: { name: 'handed-in' }, rules: { 'no-bare-date': noBareDate } };
