// @ts-check
import { language, t } from './language.js';

/** What the handlers write on rows, and the same in Chinese; what the brackets caught stands for $1, $2 … Anything else stays as it is. */
const known = /** @type {[RegExp, string][]} */ ([
  [/^the origin answered (\d+) \(access denied: has a signed URL expired\?\)$/, '来源返回 $1（拒绝访问：签名 URL 是否已过期？）'],
  [/^the origin answered (\d+) \(not found\)$/, '来源返回 $1（不存在）'],
  [/^the origin answered (\d+) \(too many requests\)$/, '来源返回 $1（请求过多）'],
  [/^the origin answered (\d+) \(server error\)$/, '来源返回 $1（服务器错误）'],
  [/^the origin answered (\d+)$/, '来源返回 $1'],
  [/^the origin answered another range than the one asked for$/, '来源返回的范围与请求的不同'],
  [/^the origin answered an empty range$/, '来源返回了空的范围'],
  [/^the origin broke off: (.*)$/s, '来源中断：$1'],
  [/^the origin is too slow \((.*)\)$/, '来源太慢（$1）'],
  [/^the origin serves no ranges, and what is needed lies beyond the first (\d+) bytes \((.*)\)$/, '来源不支持分段读取，所需内容在前 $1 字节之后（$2）'],
  [/^the deadline passed while (.*)$/, '已超过时限（$1）'],
  [/^the video cannot be read within (\d+) bytes \((.*)\)$/, '读取 $1 字节之内无法得到画面（$2）'],
  [/^the video changed while it was read$/, '读取过程中视频发生了变化'],
  [/^more than (\d+) requests were needed to read the video$/, '读取该视频需要超过 $1 次请求'],
  [/^the video URL leads to an address that is not public$/, '视频 URL 指向非公网地址'],
  [/^the video URL cannot be fetched$/, '视频 URL 无法访问'],
  [/^the video URL is malformed$/, '视频 URL 格式不正确'],
  [/^the video URL carries credentials$/, '视频 URL 中带有用户名或密码'],
  [/^the video URL names no host$/, '视频 URL 没有主机名'],
  [/^only http and https URLs are fetched, not (.*)$/, '只访问 http 和 https 的 URL，不支持 $1'],
  [/^the host of the video URL is not among SOURCE_ALLOWED_HOSTS$/, '视频 URL 的主机不在 SOURCE_ALLOWED_HOSTS 之中'],
  [/^more than (\d+) redirects$/, '重定向超过 $1 次'],
  [/^a redirect leads from https down to http$/, '重定向从 https 降到了 http'],
  [/^Video URL is null$/, '没有视频 URL'],
  [/^the file is empty$/, '文件是空的'],
  [/^the file is no video of a kind we read$/, '文件不是可读取的视频格式'],
  [/^the file is damaged: its streams cannot be found$/, '文件已损坏：找不到其中的流'],
  [/^the file has no video stream$/, '文件中没有视频流'],
  [/^the video is encrypted$/, '视频已加密'],
  [/^(.*) video \((.*)\) is not read: convert it, to H\.264 or AV1, say$/, '不支持 $1 视频（$2）：请转换为 H.264 或 AV1 等格式'],
  [/^the file is an HLS playlist.*$/, '文件是 HLS 播放列表，只列出视频的各个部分：需要视频文件本身的网址'],
  [/^the file is a DASH manifest.*$/, '文件是 DASH 清单，只列出视频的各个部分：需要视频文件本身的网址'],
  [/^the file is a web page \(HTML\).*$/, '文件是网页（HTML），不是视频'],
  [/^the file is JSON, .*$/, '文件是 JSON，多半是服务器的消息，不是视频'],
  [/^the file is an archive \((.*)\), not a video file$/, '文件是压缩包（$1），不是视频'],
  [/^the file is a picture \((.*)\), not a video$/, '文件是图片（$1），不是视频'],
  [/^the file ends before its index \(moov\).*$/, '文件在索引（moov）之前就结束了：已损坏，或上传中断'],
  [/^the picture is too large: (\S+), at most (\d+) pixels \((.*)\)$/, '画面太大：$1，最多 $2 像素（$3）'],
  [/^the picture is too large: (\S+) \((.*)\)$/, '画面太大：$1（$2）'],
  [/^the picture cannot be converted$/, '画面无法转换'],
  [/^the thumbnail cannot be encoded$/, '缩略图无法编码'],
  [/^no picture of the video can be decoded$/, '视频中没有可以解码的画面'],
  [/^out of memory$/, '内存不足'],
  [/^the object store cannot be reached: (.*) \((.*)\)$/s, '无法连接对象存储：$1（$2）'],
  [/^the object store gave no answer$/, '对象存储没有响应'],
  [/^worker lost: the attempt ended without a result (\d+) times$/, '工作进程丢失：$1 次尝试都没有结果'],
  [/^another transaction holds the row, the result is kept: (.*)$/s, '另一个事务占用该行，结果已保留：$1'],
  [/^the platform refuses the result, which is kept: (.*)$/s, '平台拒绝写入结果，结果已保留：$1'],
  [/^Missing configuration in system_config: (.*)$/, 'system_config 中缺少 $1'],
  [/^Missing configuration in system_config$/, 'system_config 中缺少配置'],
  [/^Wrong configuration in system_config: (.*)$/s, 'system_config 中的配置有误：$1'],
  [/^Auto thumbnail generation is disabled$/, '自动生成已关闭'],
  [/^Video not found$/, '没有这个视频'],
  [/^Video is not completed$/, '视频尚未完成'],
  [/^Thumbnail already exists$/, '已有缩略图'],
  [/^Triggered less than a minute ago$/, '一分钟之内已经触发过'],
  [/^The handler did not answer in time$/, '处理程序没有及时响应'],
  [/^The handler is not running or broke off$/, '处理程序没有运行或已中断'],
  [/^The request body is too long$/, '请求过长'],
  [/^Too many requests from this address$/, '此地址的请求过多'],
  [/^the worker before this one was lost$/, '前一个工作进程已丢失'],
  [/^paused by (.*?): (.*)$/s, '由 $1 暂停：$2'],
  [/^paused by (.*)$/s, '由 $1 暂停'],
  [/^cancelled by (.*)$/s, '由 $1 取消'],
  [/^dismissed by (.*)$/s, '由 $1 忽略'],
  [/^brought back by (.*)$/s, '由 $1 恢复'],
  [/^This secret may look, and do nothing else$/, '此密钥仅可查看，不能执行任何操作'],
  [/^The whole URL is shown to whoever has SERVICE_ROLE_KEY, for it may be signed$/, '完整 URL 只显示给持有 SERVICE_ROLE_KEY 的人，因为它可能带有签名'],
]);

/** @param {string} text what a row says @returns {string} the same in the language of the page, where it is a known sentence */
export function explained(text) {
  const found = language.current === 'zh' && known.find(([pattern]) => pattern.test(text));
  return found ? text.replace(found[0], found[1]) : text;
}

/** @param {unknown} error what a request has ended with */
export function serverSays(error) {
  return t('serverSays', { error: explained(error instanceof Error ? error.message : String(error)) });
}
