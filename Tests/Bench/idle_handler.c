// A FastCGI handler that does nothing: what a delivery costs apart from the work it starts.
#include <fcgiapp.h>

int main(void) {
  FCGX_Request request;
  FCGX_Init();
  FCGX_InitRequest(&request, 0, 0);
  while (FCGX_Accept_r(&request) == 0) {
    FCGX_PutS("Content-Type: application/json\r\n\r\n{\"success\":true}", request.out);
    FCGX_Finish_r(&request);
  }
}
