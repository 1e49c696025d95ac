/** What is said, by language (the first part of a tag); add others here. See `labels` for the words of one element. */
export const labels = {
  en: { pending: 'Waiting…', processing: 'Generating…', failed: 'Failed', retry: 'Retry', thumbnail: 'Thumbnail', missing: 'Picture unavailable', preview: 'Preview' },
  zh: { pending: '等待生成…', processing: '生成中…', failed: '生成失败', retry: '重试', thumbnail: '缩略图', missing: '图片无法显示', preview: '预览' },
};
