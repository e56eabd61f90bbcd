/* api_users.h - what the files of the administration of users share. */
#ifndef HF_SERVER_API_USERS_H
#define HF_SERVER_API_USERS_H

#include "server/api.h"

/* Answers with one account; HF_NOT_FOUND when there is none. */
void hf_api_user_answer(struct hf_call *call, struct hf_sv id);

#endif
