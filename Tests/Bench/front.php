<?php
// What a careful person would write in PHP for the same two answers: the bearer in constant time, and the same query on a persistent connection.
header('Content-Type: application/json; charset=utf-8');
header('Access-Control-Allow-Origin: *');
header('Cache-Control: no-store');
$shown = $_SERVER['HTTP_AUTHORIZATION'] ?? '';
if (!hash_equals('Bearer ' . getenv('SERVICE_ROLE_KEY'), $shown)) {
    http_response_code(401);
    exit(json_encode(['success' => false, 'error' => 'Unauthorized']));
}
$request = json_decode(file_get_contents('php://input'), true);
$database = pg_pconnect(getenv('PHP_DATABASE'));
$row = pg_fetch_assoc(pg_query_params($database,
    'SELECT outcome, token, attempt, video_url, aspect_ratio, time_seconds, retry_after_seconds, detail FROM thumbnails.claim($1::uuid, $2::float8, $3::text, $4::boolean, $5::float8, $6::text)',
    [$request['videoId'], 30, null, 'f', null, gethostname()]));
echo json_encode(['success' => true, 'data' => ['videoId' => $request['videoId'], 'thumbnailUrl' => $row['detail'], 'skipped' => true, 'reason' => $row['outcome']]]);
