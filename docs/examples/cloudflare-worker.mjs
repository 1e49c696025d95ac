// Starts the hourly sweep from a Cloudflare Worker. It must be a Worker, because Pages has no cron triggers:
//   wrangler.toml: [triggers] crons = ["17 * * * *"] and [vars] SUPABASE_URL = "https://videos.example.com"
//   wrangler secret put CRON_SECRET
export default {
  async scheduled(event, env, context) {
    const answer = await fetch(`${env.SUPABASE_URL}/scheduled`, {
      method: 'POST',
      headers: { authorization: `Bearer ${env.CRON_SECRET}` },
    });
    if (!answer.ok) throw new Error(`the sweep answered ${answer.status}: ${await answer.text()}`);
  },
};
