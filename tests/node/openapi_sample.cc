// Prints the OpenAPI document of rows of every kind.

#include <iostream>

#include "server/api/openapi.h"
#include "tests/unit/server/api/sample_routes.h"

int main() {
  std::cout << server::api::openapi_document(server::api::sample_routes(), "1.2.3");
}
