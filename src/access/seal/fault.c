#include "access/seal/fault.h"

enum status seal_refuse(struct seal_fault *fault, enum status status, enum seal_part part,
                        const char *what)
{
    *fault = (struct seal_fault){part, what};
    return status;
}
