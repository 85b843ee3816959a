exports.get = async (event) => {
  const { id } = event.pathParameters;
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json', 'cache-control': 'max-age=60' },
    body: JSON.stringify({ id, name: 'tea', tags: ['green', 'loose'], price: 4.5 }),
  };
};

exports.add = async (event) => {
  const { name, price } = JSON.parse(event.body);
  if (typeof name !== 'string') {
    return { statusCode: 400, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ message: 'name is missing' }) };
  }
  return {
    statusCode: 201,
    headers: { 'content-type': 'application/json', location: '/items/7' },
    body: JSON.stringify({ id: '7', name, price }),
  };
};
