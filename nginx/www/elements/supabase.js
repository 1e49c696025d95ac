const columns = 'id, thumbnail_url, thumbnail_generation_status, thumbnail_generation_error, thumbnail_metadata';
let count = 0;

/**
 * Keeps an element up to date with its row by Supabase's realtime, and starts its video again when somebody presses the button. The table has to
 * be in the publication `supabase_realtime` (supabase-realtime.sql), and a policy has to let the reader see the row.
 */
export function follow(supabase, element, id, onError = console.error) {
  let isOver = false;
  let asked = 0;
  let known = 0;
  const read = async () => {
    const mine = ++asked;
    const { data, error } = await supabase.from('videos').select(columns).eq('id', id).maybeSingle();
    // What was heard meanwhile, or asked for later, is newer than what was read.
    if (isOver || mine <= known) return;
    if (error) {
      onError(error);
      return;
    }
    known = mine;
    element.video = data;
  };
  const retry = async () => {
    element.status = 'pending';
    const { data, error } = await supabase.rpc('manually_trigger_thumbnail_generation', { video_id: id });
    if (isOver || (!error && data?.success)) return;
    onError(error ?? new Error(data?.error ?? 'the video was not started again'));
    await read();
  };
  // Of one name there is one channel: whoever ended it would end it for others, too.
  const channel = supabase.channel(`video-thumbnail:${id}:${++count}`)
    .on('postgres_changes', { event: 'UPDATE', schema: 'public', table: 'videos', filter: `id=eq.${id}` }, ({ new: row, errors }) => {
      if (isOver) return;
      if (errors?.length) {
        onError(new Error(errors.join('; ')));
        void read();
        return;
      }
      known = asked;
      element.video = row;
    })
    .subscribe((state, error) => {
      if (isOver) return;
      // Joined, or joined again by itself: what happened before is read.
      if (state === 'SUBSCRIBED') void read();
      else onError(error ?? new Error(`realtime: ${state}`));
    });
  element.addEventListener('retry', retry);
  // Where realtime is slow or cannot be had, the row is shown all the same.
  void read();
  return () => {
    isOver = true;
    element.removeEventListener('retry', retry);
    void supabase.removeChannel(channel);
  };
}
