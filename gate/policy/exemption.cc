#include "gate/policy/exemption.h"
