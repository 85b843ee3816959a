/** The routes of `project`, as one writes them with Fastify by hand: no Lambda, no gateway, nothing but the framework. */
import { fastify } from 'fastify';

// The generated service writes a line a request; LOG=1 lets this one do the same with Fastify's own logger.
const app = fastify({ logger: process.env.LOG === '1' });

app.get('/hello', async (request) => ({ message: `hello ${request.query.name || 'world'}` }));

app.get('/items/:id', async (request, reply) => {
  reply.header('cache-control', 'max-age=60');
  return { id: request.params.id, name: 'tea', tags: ['green', 'loose'], price: 4.5 };
});

app.post('/items', async (request, reply) => {
  const { name, price } = request.body;
  if (typeof name !== 'string') {
    return reply.code(400).send({ message: 'name is missing' });
  }
  return reply.code(201).header('location', '/items/7').send({ id: '7', name, price });
});

const address = await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT ?? 0) });
console.log(JSON.stringify({ message: 'listening', address }));
