/* banned.h - calls that have no safe use here become compile errors. */
#ifndef HF_BASE_BANNED_H
#define HF_BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* With _FORTIFY_SOURCE these are macros for some compilers. */
#undef sprintf
#undef vsprintf

#pragma GCC poison strcpy strcat sprintf vsprintf strtok atoi atol atof gmtime
#pragma GCC poison localtime rand srand tmpnam mktemp

#endif
