/* banned.h - calls that have no safe use here become compile errors. */
#ifndef HF_BASE_BANNED_H
#define HF_BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#pragma GCC poison strcpy strcat sprintf vsprintf strtok atoi atol atof gmtime
#pragma GCC poison localtime rand srand tmpnam mktemp

#endif
