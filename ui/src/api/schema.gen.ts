// Made from api/openapi.json by `npm run schema` in ui/. Do not edit.
export interface paths {
    "/api/v1/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What fails, what fires next, how much runs and waits, and how well the node is. */
        get: operations["get_overview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/agenda": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What fires when, of every job: the first fires of a range, and how many in each of its hours. */
        get: operations["get_agenda"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every setting of the node, and where its value came from. */
        get: operations["list_settings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/manifests/apply": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Create or update everything that a manifest defines, all of it or nothing. */
        post: operations["apply_manifest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/manifests/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Stored definitions as a manifest; the first page has what jobs name. */
        get: operations["export_manifest"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/manifests/schema": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The JSON Schema (2020-12) of a document of a manifest, for editors. */
        get: operations["get_manifest_schema"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Jobs by name. A page holds about 96 KiB at most, and is shorter then. */
        get: operations["list_jobs"];
        put?: never;
        /** Create a job whose name is not taken. */
        post: operations["create_job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One job, by name or id. */
        get: operations["get_job"];
        /** Store a job's definition; If-Match makes it conditional on a version. */
        put: operations["replace_job"];
        post?: never;
        /** Delete a job; its history stays, its running runs go on. */
        delete: operations["delete_job"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job}/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How its last runs ended, how long they took and waited, and the trend. */
        get: operations["get_job_stats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job}/durations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How long its last runs took and waited, one by one, for a chart. */
        get: operations["get_job_durations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job}/endings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What became of its occurrences, counted by the day. */
        get: operations["get_job_endings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The versions of a job, newest first: who stored them, when, and what changed. */
        get: operations["list_job_versions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job}/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One version of a job, with its definition. */
        get: operations["get_job_version"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job}/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How two versions of a job differ. */
        get: operations["diff_job"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job}/revert": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Store an old version again, as the newest; If-Match makes it conditional. */
        post: operations["revert_job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stop its schedules from starting runs. */
        post: operations["pause_job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let its schedules start runs again, from now on. */
        post: operations["resume_job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job}/next": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The next fires of a job's schedules. */
        get: operations["next_fires"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job}/occurrences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One job's part of the occurrence ledger. */
        get: operations["list_job_occurrences"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job}/why": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Why the job did or did not run at an instant; or its next fire and newest run. */
        get: operations["explain_occurrence"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/schedules/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What a schedule would do: in words, its next fires, the next clock changes. */
        post: operations["preview_schedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/occurrences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The occurrence ledger of every job, newest first. */
        get: operations["list_occurrences"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calendars": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Calendars by name, without their days. */
        get: operations["list_calendars"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calendars/{calendar}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One calendar. */
        get: operations["get_calendar"];
        /** Store a calendar; schedules that use it are planned anew. */
        put: operations["put_calendar"];
        post?: never;
        /** Delete a calendar that no schedule names. */
        delete: operations["delete_calendar"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calendars/{calendar}/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make the events of an iCalendar file the days and times of a calendar. */
        post: operations["import_calendar"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calendars/{calendar}/days": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a calendar leaves out, day by day. */
        get: operations["list_calendar_days"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Connections by name. */
        get: operations["list_connections"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connections/{connection}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One connection, as its manifest. It names its secrets and holds none. */
        get: operations["get_connection"];
        /** Store a connection; attempts that start from now on get it. */
        put: operations["put_connection"];
        post?: never;
        /** Delete a connection that no job names. */
        delete: operations["delete_connection"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connections/{connection}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Try a connection out from the node that answers, ten seconds at most. */
        post: operations["test_connection"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job}/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Start a run. `Prefer: wait=30` answers when it has ended, at the latest then. */
        post: operations["submit_run"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Runs, newest first. */
        get: operations["list_runs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{run}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One run. `Prefer: wait=30` answers when it has ended, at the latest then. */
        get: operations["get_run"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{run}/attempts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The attempts of a run. */
        get: operations["list_attempts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{run}/why": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Why the run is in its state. */
        get: operations["explain_run"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{run}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End a run: at once when it has not started, else by asking, then killing. */
        post: operations["cancel_run"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{run}/extend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give a run more time, while it waits or while it runs. */
        post: operations["extend_run"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{run}/rerun": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Run a finished run again, with the same definition and input or edited. */
        post: operations["rerun_run"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/operations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Operations, newest first. */
        get: operations["list_operations"];
        put?: never;
        /** Cancel, re-run or delete many runs, or make up for past fires, bit by bit. `Prefer: wait=30` answers when it has ended, at the latest then. */
        post: operations["start_operation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/operations/{operation}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far an operation has come. `Prefer: wait=30` answers when it has ended, at the latest then. */
        get: operations["get_operation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/operations/{operation}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stop an operation: what is done stays, waiting runs of a backfill end. */
        post: operations["cancel_operation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{run}/log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The log as chunks. `Prefer: wait=30` waits for more when there is none yet. */
        get: operations["get_log"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{run}/log/attempts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The attempts that have written a log, and how many lines each has. */
        get: operations["list_log_attempts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{run}/log/lines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lines of an attempt's log by number, or the last ones; 96 KB at most. */
        get: operations["get_log_lines"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{run}/log/lines/{line}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One line, however long, in parts of 64 KiB at most. */
        get: operations["get_log_line"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{run}/log/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lines of the log that match, with lines around them; 96 KB at most. */
        get: operations["search_log"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{run}/log/download": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The log as the bytes that were written, or those of its lines that match. */
        get: operations["download_log"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/queues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The queues, by name: limits, pause, what waits and runs. */
        get: operations["list_queues"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/queues/{queue}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One queue. */
        get: operations["get_queue"];
        /** Set the limits of a queue. */
        put: operations["put_queue"];
        post?: never;
        /** Forget its limits and its pause; its runs stay. */
        delete: operations["delete_queue"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/queues/{queue}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Start nothing from it; what runs goes on, what comes waits. */
        post: operations["pause_queue"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/queues/{queue}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Start runs from it again. */
        post: operations["resume_queue"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job}/pings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The real runs that were reported for a job, oldest first. */
        get: operations["list_pings"];
        put?: never;
        /** Report a real run by another scheduler; the same start and host replace it. */
        post: operations["record_ping"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/shadow/report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the jobs that shadow would have run, beside what was really run. */
        get: operations["get_shadow_report"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job}/promote": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let a job that shadows really fire, from its next fire on; If-Match makes it conditional. */
        post: operations["promote_job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/backups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The backups in the node's directory, and the last restore that was proven. */
        get: operations["list_backups"];
        put?: never;
        /** Begin a backup into the node's directory. It is verified after it was made; GET /api/v1/backups and the events backup.* say how it went. */
        post: operations["start_backup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Events, oldest first, or newest first. */
        get: operations["list_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Live updates as server-sent events; resumes after Last-Event-ID. */
        get: operations["open_stream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/nodes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The nodes that share the store: their roles, their clocks, how they are. */
        get: operations["list_nodes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/nodes/{node}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Forget a node that is offline or lost; after a week it goes by itself. */
        delete: operations["delete_node"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Workers, their slots, what their machines have, and their state. */
        get: operations["list_workers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workers/{worker}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One worker. */
        get: operations["get_worker"];
        put?: never;
        post?: never;
        /** Forget a worker and revoke its credential; a node's own only once it is offline. */
        delete: operations["remove_worker"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workers/{worker}/cordon": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give it nothing new; what it has goes on. */
        post: operations["cordon_worker"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workers/{worker}/uncordon": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give it runs again. */
        post: operations["uncordon_worker"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workers/{worker}/drain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give it nothing new, and end what it still runs at the deadline; that is tried again elsewhere. */
        post: operations["drain_worker"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/join-tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The tokens with which workers join, without their secrets. */
        get: operations["list_join_tokens"];
        put?: never;
        /** Make a token with which workers join; this answer alone has its secret. Takes no Idempotency-Key. */
        post: operations["create_join_token"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/join-tokens/{join_token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke a join token; who has joined with it stays. */
        delete: operations["delete_join_token"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is asking. */
        get: operations["get_session"];
        put?: never;
        /** Exchange a token for a browser session cookie. */
        post: operations["create_session"];
        /** Sign this browser out. */
        delete: operations["delete_session"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a link that signs a browser in, once. */
        post: operations["create_sign_in_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The tokens, by name, without their secrets. */
        get: operations["list_tokens"];
        put?: never;
        /** Make a token; this answer alone has its secret. Takes no Idempotency-Key. */
        post: operations["create_token"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke a token, and the browser sessions that were opened with it. */
        delete: operations["delete_token"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/worker/join": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A worker exchanges a join token, its bearer token, for a credential. */
        post: operations["join_worker"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/worker/hello": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A worker asks how the node keeps leases. */
        post: operations["say_hello"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/worker/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A life of a worker's process begins; what an earlier one held is lost. */
        post: operations["start_worker"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/worker/claims": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A worker takes runs, and hears again of those it holds. */
        post: operations["claim_runs"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/worker/heartbeats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A worker renews its leases and hears of cancels, extensions and orders. */
        post: operations["renew_leases"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/worker/notices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A worker waits until there is something for it to do, 25 s at most. */
        post: operations["wait_for_notices"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/worker/reports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A worker's attempts say what they print, how far they are and how they end. */
        post: operations["take_reports"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/worker/leave": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A worker takes nothing more, or is gone. */
        post: operations["leave_worker"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document. */
        get: operations["get_openapi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The process is alive. */
        get: operations["get_health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The node can read and write its store. */
        get: operations["get_readiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/version": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which program this is. */
        get: operations["get_version"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the node counts, for Prometheus. */
        get: operations["get_metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/signin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where a sign-in link leads: sets the session cookie. */
        get: operations["sign_in"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The web UI; a browser gets it under each of its paths. */
        get: operations["get_root"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/assets/{asset}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A script, style sheet or picture of the web UI. */
        get: operations["get_asset"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description What fires when, of every job. */
        Agenda: {
            /**
             * Format: date-time
             * @description Included.
             */
            from: string;
            /**
             * Format: date-time
             * @description Not included.
             */
            until: string;
            /** @description The first fires of the range, soonest first. */
            items: components["schemas"]["AgendaFire"][];
            /** @description There are more. */
            truncated: boolean;
            /** @description Leads to them, with the same range. */
            next_cursor?: string;
            /** @description Of the whole range, in whole hours; not with fires_only. */
            hours?: components["schemas"]["HourCounts"];
        };
        /** @description A fire of one of many schedules. */
        AgendaFire: {
            /**
             * Format: date-time
             * @description In UTC.
             */
            at: string;
            /** @description In the schedule's zone. */
            local: string;
            /** @description Of this job. */
            job: string;
            /** @description The schedule in words. */
            schedule: string;
        };
        /** @description One document of an applied manifest, or a job that was pruned. */
        AppliedDefinition: {
            /**
             * @description What it defines.
             * @default job
             */
            kind?: components["schemas"]["DefinitionKind"];
            /**
             * @description As in the manifest.
             * @default
             */
            name?: string;
            /** @description Of a job; absent in a plan that would create it. */
            id?: string;
            /**
             * Format: int64
             * @description Of a job: the version after applying.
             */
            version?: number;
            /**
             * @description What changed.
             * @default unchanged
             */
            effect?: components["schemas"]["ApplyEffect"];
            /**
             * @description Its schedules in words, with their next fire.
             * @default []
             */
            schedules?: components["schemas"]["ScheduleView"][];
            /**
             * @description Of what is updated: how it differs.
             * @default []
             */
            changes?: components["schemas"]["Change"][];
            /** @description In a plan: what becomes of the job's fires. Absent where they stay, and for the rest of a plan that has taken two seconds. */
            forecast?: components["schemas"]["Forecast"];
        };
        /**
         * @description What applying a definition did.
         *     - `created`: There was none of that name.
         *     - `updated`: It was there, and is different now.
         *     - `unchanged`: It was like that already.
         *     - `deleted`: It was pruned.
         * @enum {string}
         */
        ApplyEffect: "created" | "updated" | "unchanged" | "deleted";
        /** @description What applying a manifest did, or with dry_run would do. */
        ApplyResult: {
            /**
             * @description True: nothing was changed.
             * @default false
             */
            dry_run?: boolean;
            /**
             * @description Calendars, queues, connections and jobs, each in the order of the manifest; then the jobs that are pruned.
             * @default []
             */
            items?: components["schemas"]["AppliedDefinition"][];
        };
        /** @description One try of a run. */
        Attempt: {
            /**
             * Format: int32
             * @description Counts from 1.
             */
            number: number;
            /**
             * Format: int64
             * @description The fencing number of its lease.
             */
            epoch: number;
            /** @description The worker that made it. */
            worker_id: string;
            /**
             * @description That worker's name at the time.
             * @default
             */
            worker?: string;
            /**
             * Format: date-time
             * @description When the worker took it.
             */
            started_at: string;
            /**
             * Format: date-time
             * @description When it ended.
             */
            finished_at?: string;
            /** @description How it ended; absent while it runs. */
            outcome?: components["schemas"]["Outcome"];
        };
        /** @description The attempts of a run, first to last. */
        AttemptList: {
            /**
             * @description The attempts.
             * @default []
             */
            items?: components["schemas"]["Attempt"][];
        };
        /** @description The fires of a past range, to be made up for. */
        Backfill: {
            /** @description The job. */
            job_id: string;
            /** @description Only this schedule of it. */
            schedule_id?: string;
            /**
             * Format: date-time
             * @description The first instant.
             */
            from: string;
            /**
             * Format: date-time
             * @description The end, itself not included.
             */
            until: string;
            /**
             * @description What to do while an earlier run is not finished.
             * @default buffer_all
             */
            overlap?: components["schemas"]["Overlap"];
            /**
             * @description Values for its runs.
             * @default {}
             */
            params?: {
                [key: string]: unknown;
            };
        };
        /** @description The fires of a past range, to be made up for. */
        BackfillBody: {
            /** @description The job, by name or id. */
            job: string;
            /** @description Only this schedule of it. */
            schedule?: string;
            /**
             * Format: date-time
             * @description The first instant.
             */
            from: string;
            /**
             * Format: date-time
             * @description The end, itself not included.
             */
            until: string;
            /**
             * @description What to do while an earlier run is not finished.
             * @default buffer_all
             */
            overlap?: components["schemas"]["Overlap"];
            /**
             * @description Values for its runs, over those of the schedule.
             * @default {}
             */
            params?: {
                [key: string]: unknown;
            };
        };
        /** @description How long to wait before each retry. */
        Backoff: {
            /**
             * @description How the pause grows from retry to retry.
             * @default exponential
             */
            type?: components["schemas"]["BackoffType"];
            /**
             * @description The pause before the first retry.
             * @default 10s
             */
            initial?: string;
            /**
             * @description How much an exponential pause grows each time.
             * @default 2
             */
            factor?: number;
            /**
             * @description The longest pause of the growing kinds, linear and exponential.
             * @default 10m
             */
            max?: string;
            /**
             * @description For `list`: the pause before each retry in turn.
             * @default []
             * @example [
             *       "1s",
             *       "10s",
             *       "1m"
             *     ]
             */
            delays?: string[];
            /**
             * @description How a pause is spread.
             * @default full
             */
            jitter?: components["schemas"]["Jitter"];
        };
        /**
         * @description How the pause grows from retry to retry.
         *     - `fixed`: Always `initial`.
         *     - `linear`: `initial` times the number of the retry.
         *     - `exponential`: `initial`, then `factor` times the one before.
         *     - `list`: The pauses in `delays`; the last repeats.
         * @enum {string}
         */
        BackoffType: "fixed" | "linear" | "exponential" | "list";
        /** @description A copy of the store. */
        Backup: {
            /**
             * @description The file's name.
             * @default
             */
            name?: string;
            /**
             * @description How far it can be trusted.
             * @default making
             */
            state?: components["schemas"]["BackupState"];
            /**
             * Format: date-time
             * @description When it was begun: it holds that state, or a newer one.
             */
            made_at?: string;
            /**
             * Format: int64
             * @description Its size.
             * @default 0
             */
            bytes?: number;
            /**
             * Format: int32
             * @description The number of its schema; 0: not known yet.
             * @default 0
             */
            schema?: number;
            /**
             * Format: date-time
             * @description When it was last restored to the side, opened and read.
             */
            verified_at?: string;
            /**
             * @description Why it cannot be used; empty when it can.
             * @default
             */
            problem?: string;
            /** @description What it holds; absent before it was verified. */
            contents?: components["schemas"]["BackupContents"];
        };
        /** @description What a backup was found to hold. */
        BackupContents: {
            /**
             * Format: int64
             * @description Jobs that are not deleted.
             * @default 0
             */
            jobs?: number;
            /**
             * Format: int64
             * @description Schedules that may still fire.
             * @default 0
             */
            schedules?: number;
            /**
             * Format: int64
             * @description Runs that have not ended.
             * @default 0
             */
            runs_open?: number;
            /**
             * Format: int64
             * @description Runs that have.
             * @default 0
             */
            runs_ended?: number;
            /**
             * Format: int64
             * @description Entries of the ledger.
             * @default 0
             */
            occurrences?: number;
            /**
             * Format: int64
             * @description Events.
             * @default 0
             */
            events?: number;
            /**
             * Format: int64
             * @description The position of the last one.
             * @default 0
             */
            last_event?: number;
            /**
             * @description SHA-256 over jobs, queues, calendars and connections: equal when they are.
             * @default
             */
            definitions?: string;
        };
        /** @description How the node's backups stand. */
        BackupGlance: {
            /** @description How often it makes one; absent: when asked. */
            every?: string;
            /**
             * Format: date-time
             * @description When it last made one.
             */
            last_made_at?: string;
            /**
             * Format: date-time
             * @description When a restore was last proven.
             */
            last_proven_at?: string;
            /**
             * @description Why the last attempt failed.
             * @default
             */
            problem?: string;
        };
        /** @description The backups in the node's directory, newest first. */
        BackupList: {
            /**
             * @description Where they are, on the node's machine.
             * @default
             */
            directory?: string;
            /** @description How often the node makes one; absent: when asked. */
            every?: string;
            /**
             * @description The backups.
             * @default []
             */
            items?: components["schemas"]["Backup"][];
            /**
             * Format: date-time
             * @description When the newest whole one was begun.
             */
            last_made_at?: string;
            /**
             * Format: date-time
             * @description The last time that one was proven to restore.
             */
            last_proven_at?: string;
            /**
             * @description Why the last attempt failed; empty: it did not.
             * @default
             */
            problem?: string;
        };
        /**
         * @description How far a backup can be trusted.
         *     - `making`: It is being copied or verified.
         *     - `made`: The copy is whole; nobody has tried to restore it.
         *     - `verified`: It was restored to the side, opened and read.
         *     - `damaged`: It cannot be restored; `problem` says why.
         * @enum {string}
         */
        BackupState: "making" | "made" | "verified" | "damaged";
        /** @description A user and a password (RFC 7617). */
        BasicAuth: {
            /** @description Who. */
            user: string;
            /** @description Where the password lies. */
            password: components["schemas"]["SecretRef"];
        };
        /** @description A day of which a calendar leaves something out. */
        CalendarDay: {
            /**
             * @description The day.
             * @default
             * @example 2026-12-25
             */
            day?: string;
            /**
             * @description Its day of the week.
             * @default mon
             */
            weekday?: components["schemas"]["Weekday"];
            /**
             * @description Nothing of the day is left.
             * @default false
             */
            whole?: boolean;
            /**
             * @description The times that are left out.
             * @default []
             * @example [
             *       "14:00-20:00"
             *     ]
             */
            times?: string[];
            /**
             * @description Why, in words.
             * @default
             */
            reason?: string;
        };
        /** @description What a calendar leaves out, day by day. */
        CalendarDayList: {
            /**
             * @description In order; other days are not touched.
             * @default []
             */
            items?: components["schemas"]["CalendarDay"][];
        };
        /** @description The calendars of a tenant. */
        CalendarList: {
            /**
             * @description By name.
             * @default []
             */
            items?: components["schemas"]["CalendarSummary"][];
        };
        /**
         * @description What a calendar does to the fires within it.
         *     - `exclude`: They are left out.
         *     - `only`: They alone are kept.
         * @enum {string}
         */
        CalendarMode: "exclude" | "only";
        /** @description Days or times, once. */
        CalendarSpan: {
            /**
             * @description A day, or a local time.
             * @example 2026-12-25
             */
            from: string;
            /**
             * @description The last day, or the end; left out: one day.
             * @default
             */
            to?: string;
            /**
             * @description What is then.
             * @default
             */
            note?: string;
        };
        /** @description A named set of local times, for schedules to avoid or to keep to. */
        CalendarSpec: {
            /** @description The calendar's name, unique within its tenant. */
            name: string;
            /**
             * @description What the calendar is for, for people.
             * @default
             */
            description?: string;
            /**
             * @description What it does to the fires within it.
             * @default exclude
             */
            mode?: components["schemas"]["CalendarMode"];
            /**
             * @description The time zone of its times; left out: each schedule's.
             * @default
             */
            timezone?: string;
            /**
             * @description Days or times, once.
             * @default []
             */
            spans?: components["schemas"]["CalendarSpan"][];
            /**
             * @description Days or times of every week.
             * @default []
             */
            weekly?: components["schemas"]["CalendarWindow"][];
        };
        /** @description A calendar without its days. */
        CalendarSummary: {
            /**
             * @description Its name.
             * @default
             */
            name?: string;
            /**
             * @description What it is for.
             * @default
             */
            description?: string;
            /**
             * @description What it does to the fires within it.
             * @default exclude
             */
            mode?: components["schemas"]["CalendarMode"];
            /**
             * @description Of its times; empty: each schedule's.
             * @default
             */
            timezone?: string;
            /**
             * Format: int64
             * @description How many days or times it names once.
             * @default 0
             */
            spans?: number;
            /**
             * Format: int64
             * @description How many weekly windows it has.
             * @default 0
             */
            weekly?: number;
        };
        /** @description Days or times of every week. */
        CalendarWindow: {
            /**
             * @description The days; none given: all.
             * @default []
             */
            weekdays?: components["schemas"]["Weekday"][];
            /**
             * @description Times of day; none given: the whole day.
             * @default []
             * @example [
             *       "22:00-06:00"
             *     ]
             */
            times?: string[];
            /**
             * @description What is then.
             * @default
             */
            note?: string;
        };
        /** @description Why a run is cancelled. */
        CancelBody: {
            /**
             * @description Kept with the run.
             * @default
             */
            reason?: string;
            /**
             * @description `kill` gives the program no time to end by itself.
             * @default ask
             */
            mode?: components["schemas"]["CancelMode"];
        };
        /**
         * @description How a run is stopped.
         *     - `ask`: It is asked to stop, and killed after its grace.
         *     - `kill`: It is killed at once.
         * @enum {string}
         */
        CancelMode: "ask" | "kill";
        /** @description A run is to stop. */
        CancelNotice: {
            /** @description The run. */
            run_id: string;
            /**
             * @description How.
             * @default ask
             */
            mode?: components["schemas"]["CancelMode"];
        };
        /** @description Who asked a run to stop, and why. */
        CancelRequest: {
            /** @description Who asked. */
            by: string;
            /**
             * @description Why, as they said.
             * @default
             */
            reason?: string;
            /**
             * Format: date-time
             * @description When.
             */
            at: string;
            /**
             * @description How.
             * @default ask
             */
            mode?: components["schemas"]["CancelMode"];
        };
        /** @description What became of a cancel. */
        CancelResult: {
            /** @description The run. */
            id?: string;
            /**
             * @description `running`: its worker has been asked to stop it.
             * @default cancelled
             */
            state?: components["schemas"]["RunState"];
        };
        /** @description One difference of two documents. */
        Change: {
            /**
             * @description RFC 6901; into the newer document for what was added, else into the older one.
             * @default
             */
            pointer?: string;
            /** @description Absent: it was added. */
            before?: unknown;
            /** @description Absent: it was removed. */
            after?: unknown;
        };
        /** @description A worker wants runs. */
        ClaimBody: {
            /**
             * Format: int64
             * @description For how many slots.
             * @default 1
             */
            limit?: number;
            /**
             * @description How long it counts on its leases.
             * @default 10s
             */
            lease?: string;
            /**
             * @description The leases that it knows of; others are given again.
             * @default []
             */
            known?: components["schemas"]["LeaseRef"][];
        };
        /** @description The runs that a worker now holds. */
        ClaimReply: {
            /**
             * @description The runs, each with its definition and values.
             * @default []
             */
            runs?: unknown[];
            /** @description When the next scheduled run is due. */
            next_due_in?: string;
        };
        /** @description What the next change of the clock does to a schedule. */
        ClockNote: {
            /**
             * @description In words.
             * @default
             */
            schedule?: string;
            /**
             * Format: date-time
             * @description When the clock is set.
             */
            at?: string;
            /**
             * @description A fire is left out, moved, or comes twice.
             * @default false
             */
            surprise?: boolean;
            /**
             * @description A sentence.
             * @default
             */
            text?: string;
        };
        /** @description A fact, in the form of CloudEvents 1.0. */
        CloudEvent: {
            /**
             * @description Always 1.0.
             * @default 1.0
             */
            specversion?: string;
            /**
             * @description The event's position: grows with every event.
             * @default
             */
            id?: string;
            /**
             * @description Whose event it is.
             * @default
             */
            source?: string;
            /**
             * @description What happened, such as run.succeeded.
             * @default
             */
            type?: string;
            /**
             * @description The id of the run or job, or the node's name.
             * @default
             */
            subject?: string;
            /**
             * Format: date-time
             * @description When it happened.
             */
            time?: string;
            /** @description What else is known about it. */
            data?: unknown;
        };
        /** @description How many runs may be under way at the same time. */
        Concurrency: {
            /**
             * Format: int32
             * @description Attempts under way at the same time.
             * @default 1
             */
            limit?: number;
            /**
             * @description Runs of any job count together when this text is the same; empty: all runs of the job.
             * @default
             * @example backup-${{ params.region }}
             */
            key?: string;
            /**
             * @description What to do with a run that has no room.
             * @default queue
             */
            on_limit?: components["schemas"]["OnLimit"];
        };
        /** @description The connections of a tenant. */
        ConnectionList: {
            /**
             * @description By name.
             * @default []
             */
            items?: components["schemas"]["ConnectionSummary"][];
        };
        /** @description What became of a try of a connection, from the node that answers. */
        ConnectionReport: {
            /**
             * @description The other side was reached and took the credentials.
             * @default false
             */
            ok?: boolean;
            /**
             * Format: int64
             * @description How long that took.
             * @default 0
             */
            milliseconds?: number;
            /**
             * @description What the other side says that it is.
             * @default
             * @example PostgreSQL 15.18 on x86_64-pc-linux-gnu
             */
            server?: string;
            /**
             * @description What went wrong, in a sentence.
             * @default
             */
            error?: string;
        };
        /** @description How to reach something outside; named by the jobs that use it. */
        ConnectionSpec: {
            /**
             * @description Its name, unique within the tenant.
             * @example warehouse
             */
            name: string;
            /**
             * @description What it is for, for people.
             * @default
             */
            description?: string;
            /** @description What it leads to. */
            type: components["schemas"]["ConnectionType"];
            /**
             * @description For http, docker and registry: the address.
             * @default
             * @example https://api.example.org/v2
             */
            url?: string;
            /**
             * @description For postgres and mysql: a name or address, or the full path of a unix socket (postgres: of its directory).
             * @default
             * @example db.internal
             */
            host?: string;
            /**
             * Format: int32
             * @description For postgres and mysql; left out: the usual one.
             */
            port?: number;
            /**
             * @description For postgres and mysql.
             * @default
             */
            database?: string;
            /**
             * @description For sqlite: a file of the worker's machine.
             * @default
             * @example /var/lib/app/app.db
             */
            path?: string;
            /**
             * @description For postgres, mysql and registry.
             * @default
             */
            user?: string;
            /**
             * @description Where the password lies, for postgres, mysql and registry.
             * @example {
             *       "secret": "warehouse"
             *     }
             */
            password?: components["schemas"]["SecretRef"];
            /**
             * @description For http: how requests prove who sends them.
             * @example {
             *       "bearer": {
             *         "secret": "api-token"
             *       }
             *     }
             */
            auth?: components["schemas"]["HttpAuth"];
            /**
             * @description For http: headers of every request; no secrets.
             * @default {}
             */
            headers?: {
                [key: string]: string;
            };
            /**
             * @description For http: the proxy to go through.
             * @default
             */
            proxy?: string;
            /** @description How it is encrypted, for all types but sqlite. */
            tls?: components["schemas"]["Tls"];
            /**
             * @description For postgres: further settings of libpq.
             * @default {}
             * @example {
             *       "application_name": "nightly"
             *     }
             */
            options?: {
                [key: string]: string;
            };
        };
        /** @description A connection in a list. */
        ConnectionSummary: {
            /**
             * @description Its name.
             * @default
             */
            name?: string;
            /**
             * @description What it leads to.
             * @default http
             */
            type?: components["schemas"]["ConnectionType"];
            /**
             * @description Where it leads: an address, or a path.
             * @default
             * @example db.internal:5432/sales
             */
            target?: string;
            /**
             * @description What it is for.
             * @default
             */
            description?: string;
        };
        /**
         * @description What a connection leads to.
         *     - `http`: A web service: its address, credentials and TLS.
         *     - `postgres`: A PostgreSQL database, or one that speaks alike.
         *     - `mysql`: A MySQL or MariaDB database.
         *     - `sqlite`: A SQLite file on the worker's machine.
         *     - `docker`: A container engine that has the Docker Engine API.
         *     - `registry`: A registry of container images.
         * @enum {string}
         */
        ConnectionType: "http" | "postgres" | "mysql" | "sqlite" | "docker" | "registry";
        /** @description What a label of the worker must be. */
        Constraint: {
            /** @description The label's key. */
            label: string;
            /**
             * @description How it is compared.
             * @default in
             */
            op?: components["schemas"]["LabelOp"];
            /**
             * @description What it is compared with; for in and not_in.
             * @default []
             * @example [
             *       "eu-1",
             *       "eu-2"
             *     ]
             */
            values?: string[];
        };
        /** @description A container of an image; the job's command, if it has one, runs in it. */
        ContainerSpec: {
            /**
             * @description The image, by tag or digest.
             * @example docker.io/library/alpine:3.20
             */
            image: string;
            /**
             * @description In place of the image's.
             * @default []
             */
            entrypoint?: string[];
            /**
             * @description When the image is fetched.
             * @default missing
             */
            pull?: components["schemas"]["Pull"];
            /**
             * @description A connection of type docker; left out: the engine of the worker's machine.
             * @default
             */
            engine?: string;
            /**
             * @description A connection of type registry, to sign in with.
             * @default
             */
            registry?: string;
            /**
             * @description Such as linux/arm64.
             * @default
             */
            platform?: string;
            /**
             * @description What it finds in its file system.
             * @default []
             */
            mounts?: components["schemas"]["Mount"][];
            /**
             * @description Ports to publish: [address:]outside:inside[/udp].
             * @default []
             * @example [
             *       "127.0.0.1:8080:80"
             *     ]
             */
            ports?: string[];
            /**
             * @description none, host or a network of the engine; left out: the engine's usual one.
             * @default
             */
            network?: string;
            /**
             * @description Start a small first process that passes signals on and reaps.
             * @default true
             */
            init?: boolean;
            /**
             * @description Whether its root cannot be written.
             * @default false
             */
            read_only?: boolean;
            /**
             * @description The size of /dev/shm.
             * @example 64MiB
             */
            shm_size?: string;
            /**
             * @description Capabilities besides the usual ones.
             * @default []
             */
            cap_add?: string[];
            /**
             * @description Usual capabilities that it does not get.
             * @default []
             */
            cap_drop?: string[];
        };
        /** @description What became of the occurrences of a day. */
        DayEndings: {
            /**
             * @description In the calendar's zone, such as 2026-03-29.
             * @default
             */
            day?: string;
            /**
             * @description How many, by ending; those that ran by the final state of their run; `ran` while that goes on, `planned` before.
             * @default {}
             */
            endings?: {
                [key: string]: number;
            };
        };
        /** @description Turns a burst of submissions into one run, with the params of the last. */
        Debounce: {
            /**
             * @description The run starts when nothing has come for so long.
             * @default 10s
             */
            wait?: string;
            /** @description At the latest so long after the first. */
            max_wait?: string;
            /**
             * @description Submissions with the same text are one burst; empty: all of the job.
             * @default
             */
            key?: string;
        };
        /** @description Turns a repeated submission into the run that exists already. */
        Dedupe: {
            /** @description Submissions with the same text are the same. */
            key: string;
            /**
             * @description How long a submission is remembered.
             * @default 1h
             */
            window?: string;
        };
        /**
         * @description What a document of a manifest defines.
         *     - `job`: A job.
         *     - `queue`: The limits of a queue.
         *     - `calendar`: A named set of local times.
         *     - `connection`: How to reach something outside.
         * @enum {string}
         */
        DefinitionKind: "job" | "queue" | "calendar" | "connection";
        /** @description How long a worker may go on with what it has. */
        DrainBody: {
            /**
             * @description From now; what it still runs then is ended.
             * @default 10m
             */
            deadline?: string;
        };
        /** @description What a schedule does when the clocks of its time zone change. */
        DstPolicy: {
            /**
             * @description A fire at a local time that a forward change leaves out.
             * @default skip
             */
            gap?: components["schemas"]["GapPolicy"];
            /**
             * @description A fire at a local time that a backward change makes happen twice.
             * @default first
             */
            fold?: components["schemas"]["FoldPolicy"];
        };
        /** @description How long the last runs took and waited: lists of equal length, the last to end first. */
        DurationChart: {
            /**
             * @description Their ids.
             * @default []
             */
            runs?: string[];
            /**
             * @description How they ended.
             * @default []
             */
            states?: components["schemas"]["RunState"][];
            /**
             * @description When they did.
             * @default []
             */
            finished_at?: string[];
            /**
             * @description From the first start to the end; or null.
             * @default []
             */
            duration_ms?: number[];
            /**
             * @description From due to the first start; or null.
             * @default []
             */
            wait_ms?: number[];
            /** @description Of these runs together. */
            stats?: components["schemas"]["JobStats"];
        };
        /** @description How a number of durations are spread. */
        DurationSummary: {
            /**
             * Format: int64
             * @description How many there are.
             */
            samples: number;
            /** @description Half of them are no longer than this. */
            p50: string;
            /** @description 95 of 100 are no longer than this. */
            p95: string;
            /** @description The longest. */
            max: string;
        };
        /**
         * @description What became of an occurrence.
         *     - `ran`: It became a run.
         *     - `skipped_overlap`: An earlier run was not finished.
         *     - `skipped_calendar`: Its calendar leaves that day out.
         *     - `skipped_paused`: The job was paused.
         *     - `coalesced_into`: One run stands for it and for others.
         *     - `missed_expired`: It was missed, and too old to make up for.
         *     - `deduplicated`: The same run existed already.
         *     - `dst_skipped`: A clock change left that local time out.
         *     - `superseded`: The job changed before it was due.
         *     - `cancelled`: Somebody cancelled it before it started.
         *     - `skipped_limit`: A concurrency limit or a full queue left no room.
         *     - `shadowed`: The job only shadows another scheduler.
         * @enum {string}
         */
        Ending: "ran" | "skipped_overlap" | "skipped_calendar" | "skipped_paused" | "coalesced_into" | "missed_expired" | "deduplicated" | "dst_skipped" | "superseded" | "cancelled" | "skipped_limit" | "shadowed";
        /** @description The occurrences of a job by the day. */
        EndingCalendar: {
            /**
             * @description Whose days these are.
             * @default
             */
            timezone?: string;
            /**
             * @description Days that had any, the last first.
             * @default []
             */
            items?: components["schemas"]["DayEndings"][];
            /**
             * Format: date-time
             * @description There was too much: ask for what is before, with this as `until`.
             */
            complete_from?: string;
        };
        /** @description Exactly one of value, secret and file. */
        EnvironmentVariable: {
            /** @description The value itself. */
            value?: string;
            /** @description The name of the secret that holds the value. */
            secret?: string;
            /** @description The file of the worker's machine that holds it. */
            file?: string;
        };
        /** @description Events in the order of their positions. */
        EventList: {
            /**
             * @description CloudEvents 1.0.
             * @default []
             */
            items?: components["schemas"]["CloudEvent"][];
            /** @description Give it as `cursor` to read on. */
            next_cursor?: string;
        };
        /** @description What is expected of the job; an event tells when it does not hold. */
        Expect: {
            /** @description Each run starts so soon after it is due. */
            start_within?: string;
            /** @description Each run has ended so long after it is due. */
            finish_within?: string;
            /** @description The job succeeds at least once in so long. */
            every?: string;
        };
        /** @description Why something did or did not run. */
        Explanation: {
            /**
             * @description What was asked about.
             * @default
             */
            subject?: string;
            /**
             * @description Sentences; the first one is the answer.
             * @default []
             */
            lines?: string[];
            /**
             * @description The ledger rows behind it.
             * @default []
             */
            occurrences?: components["schemas"]["Occurrence"][];
            /** @description The run behind it, if there is one. */
            run_id?: string;
        };
        /** @description Stored definitions as canonical documents; together they are a manifest. */
        ExportPage: {
            /**
             * @description Calendars, queues, connections, then jobs by name.
             * @default []
             */
            items?: unknown[];
            /** @description Give it as `cursor`; absent on the last page. */
            next_cursor?: string;
        };
        /** @description More time for a run, counted from now. */
        ExtendBody: {
            /** @description timeout.run does not end it sooner. */
            run?: string;
            /** @description timeout.queue does not end it sooner, while it waits. */
            queue?: string;
        };
        /** @description A run was given more time. */
        ExtensionNotice: {
            /** @description The run. */
            run_id: string;
            /**
             * @description The run timeout does not end it before, from now.
             * @default 0s
             */
            extended_for?: string;
        };
        /** @description A job whose newest run that succeeded or failed has failed. */
        FailingJob: {
            /** @description The job. */
            job_id: string;
            /** @description Its name. */
            job: string;
            /**
             * Format: date-time
             * @description The end of the first failure after the last success.
             */
            since: string;
            /**
             * Format: int64
             * @description Runs that failed since then.
             */
            streak: number;
            /** @description The newest of them. */
            run_id: string;
            /**
             * Format: date-time
             * @description Its end.
             */
            failed_at: string;
        };
        /** @description What went wrong in an attempt. */
        Failure: {
            /** @description A word: exit_code, signal, out_of_memory, start, limit, timeout, lost, result_protocol, or the program's own. */
            type: string;
            /**
             * @description What happened, a sentence.
             * @default
             */
            message?: string;
            /**
             * @description Where it happened, if the program said so.
             * @default
             */
            stack?: string;
        };
        /** @description An instant at which a schedule will fire. */
        Fire: {
            /**
             * Format: date-time
             * @description In UTC.
             */
            at?: string;
            /**
             * @description In the schedule's zone.
             * @default
             */
            local?: string;
            /**
             * @description The schedule in words.
             * @default
             */
            schedule?: string;
        };
        /** @description Fires that there are on one side only. */
        FireChanges: {
            /**
             * Format: int64
             * @description How many.
             * @default 0
             */
            count?: number;
            /**
             * @description The first few of them.
             * @default []
             */
            first?: components["schemas"]["Fire"][];
        };
        /** @description The next fires of a job, soonest first. */
        FireList: {
            /**
             * @description The fires.
             * @default []
             */
            items?: components["schemas"]["Fire"][];
        };
        /**
         * @description A local time that happens twice, because the clocks went back.
         *     - `first`: The first of the two.
         *     - `second`: The second of the two.
         *     - `both`: Both of them.
         * @enum {string}
         */
        FoldPolicy: "first" | "second" | "both";
        /** @description What a change of a job does to its fires. */
        Forecast: {
            /** @description Fires that there would be. */
            added?: components["schemas"]["FireChanges"];
            /** @description Fires that there would be no more. */
            removed?: components["schemas"]["FireChanges"];
            /**
             * Format: date-time
             * @description Compared up to here: 30 days, or less for very many.
             */
            until?: string;
            /**
             * @description Of each schedule whose zone sets its clock.
             * @default []
             */
            clock?: components["schemas"]["ClockNote"][];
        };
        /**
         * @description A local time that does not exist, because the clocks went forward.
         *     - `skip`: That fire does not happen.
         *     - `next`: It happens at the first instant after the change.
         *     - `shift`: It happens as much later as the clocks moved.
         * @enum {string}
         */
        GapPolicy: "skip" | "next" | "shift";
        /** @description Whether this node can do its work. */
        Health: {
            /**
             * @description `ok`.
             * @default
             */
            status?: string;
            /**
             * @description What was looked at, a sentence each.
             * @default []
             */
            checks?: string[];
        };
        /**
         * @description How well a node is.
         *     - `ok`: Nothing asks for anybody.
         *     - `attention`: It works; somebody should look at the reasons.
         *     - `failing`: It cannot do its work; /readyz says so too.
         * @enum {string}
         */
        HealthStatus: "ok" | "attention" | "failing";
        /** @description How well the node is, and why. */
        HealthView: {
            /** @description In one word. */
            status: components["schemas"]["HealthStatus"];
            /** @description One sentence each. */
            reasons: string[];
        };
        /** @description A worker is alive and works. */
        HeartbeatBody: {
            /**
             * @description What it works on.
             * @default []
             */
            leases?: components["schemas"]["LeaseRef"][];
            /**
             * @description How long it counts on its leases from now.
             * @default 10s
             */
            lease?: string;
        };
        /** @description What a heartbeat did. */
        HeartbeatReply: {
            /**
             * @description One entry for each lease, in order.
             * @default []
             */
            leases?: components["schemas"]["KeptLease"][];
            /** @description What still runs then, the worker ends. */
            drain_in?: string;
        };
        /** @description How many fires there are in each hour. */
        HourCounts: {
            /**
             * Format: date-time
             * @description The beginning of the first hour, in UTC.
             */
            from: string;
            /** @description One number for each hour. */
            fires: number[];
            /** @description True: there are at least so many. */
            truncated: boolean;
        };
        /** @description How a request proves who sends it; at most one of the three. */
        HttpAuth: {
            /** @description A user and a password. */
            basic?: components["schemas"]["BasicAuth"];
            /** @description A token that does not change (RFC 6750). */
            bearer?: components["schemas"]["SecretRef"];
            /** @description A token got from an authorization server. */
            oauth2?: components["schemas"]["OAuth2"];
        };
        /** @description What a request sends: exactly one of json, form and raw. */
        HttpBody: {
            /**
             * @description Any JSON value.
             * @example {
             *       "id": "${{ params.id }}"
             *     }
             */
            json?: unknown;
            /** @description Fields of an HTML form. */
            form?: {
                [key: string]: string;
            };
            /** @description A text as it stands. */
            raw?: string;
            /**
             * @description Content-Type; left out: what fits json, form or raw.
             * @default
             */
            media_type?: string;
        };
        /** @description What makes an answer a success. */
        HttpExpect: {
            /**
             * @description Codes: 204, 2xx or 200-299.
             * @default [
             *       "2xx"
             *     ]
             */
            status?: string[];
            /**
             * @description Headers with their exact values; "*": any value.
             * @default {}
             */
            headers?: {
                [key: string]: string;
            };
            /**
             * @description Places of a JSON body (RFC 9535) with their values.
             * @default {}
             * @example {
             *       "$.status": "ok"
             *     }
             */
            json?: {
                [key: string]: unknown;
            };
        };
        /** @description One HTTP request. */
        HttpSpec: {
            /**
             * @description Left out: GET, or POST where there is a body.
             * @default
             * @example PUT
             */
            method?: string;
            /**
             * @description Where to: http:// or https://; with a connection a path below its url will do.
             * @default
             * @example https://example.org/hooks/nightly
             */
            url?: string;
            /**
             * @description The connection with address and credentials.
             * @default
             */
            connection?: string;
            /**
             * @description Headers: a text, {secret: name} or {file: path}.
             * @default {}
             */
            headers?: {
                [key: string]: string | components["schemas"]["EnvironmentVariable"];
            };
            /**
             * @description Added to the query of the url.
             * @default {}
             */
            query?: {
                [key: string]: string;
            };
            /** @description What to send. */
            body?: components["schemas"]["HttpBody"];
            /**
             * @description What to do about an answer that points elsewhere.
             * @default any
             */
            redirects?: components["schemas"]["Redirects"];
            /** @description How long the phases may take. */
            timeouts?: components["schemas"]["HttpTimeouts"];
            /** @description What makes the answer a success. */
            expect?: components["schemas"]["HttpExpect"];
            /**
             * @description The largest body that is taken.
             * @example 1MiB
             */
            max_response?: string;
            /**
             * @description The proxy to go through; left out: the connection's, else that of the worker's environment.
             * @default
             */
            proxy?: string;
            /** @description How it is encrypted; left out: as the connection says. */
            tls?: components["schemas"]["Tls"];
        };
        /** @description How long the phases of a request may take. */
        HttpTimeouts: {
            /**
             * @description To find the name, connect and agree on TLS.
             * @default 10s
             */
            connect?: string;
            /** @description From the end of the request to the first byte of the answer. */
            response?: string;
        };
        /** @description What an iCalendar file gave. */
        ImportedCalendar: {
            /**
             * @description The first day that was looked at.
             * @default
             */
            from?: string;
            /**
             * @description The last day that was looked at: later ones are not in the calendar.
             * @default
             */
            until?: string;
            /**
             * Format: int64
             * @description Spans of whole days that the file gave.
             * @default 0
             */
            dates?: number;
            /**
             * Format: int64
             * @description Spans of times that the file gave.
             * @default 0
             */
            times?: number;
            /**
             * @description What the file says and the calendar cannot hold.
             * @default []
             */
            notes?: string[];
            /** @description The calendar as it is stored now. */
            calendar?: components["schemas"]["CalendarSpec"];
        };
        /**
         * @description How a pause is spread, so that many runs do not retry in step.
         *     - `none`: The pause as computed.
         *     - `full`: A random pause from nothing up to the computed one.
         * @enum {string}
         */
        Jitter: "none" | "full";
        /** @description A named, versioned definition of what runs, when, and under which policy. */
        Job: {
            /** @description Stays the same across versions. */
            id?: string;
            /**
             * @description Unique in its tenant.
             * @default
             */
            name?: string;
            /**
             * Format: int64
             * @description Grows by one with every change; also the ETag.
             * @default 1
             */
            version?: number;
            /**
             * @description While true, its schedules do not start runs.
             * @default false
             */
            paused?: boolean;
            /** @description Who paused it, why, and for how long. */
            pause?: components["schemas"]["Pause"];
            /**
             * @description Who stored this version.
             * @default
             */
            author?: string;
            /**
             * Format: date-time
             * @description When version 1 was stored.
             */
            created_at?: string;
            /**
             * Format: date-time
             * @description When this version was stored.
             */
            updated_at?: string;
            /**
             * @description What kind of work it is.
             * @default command
             */
            type?: components["schemas"]["JobType"];
            /**
             * @description As its manifest has it.
             * @default
             */
            description?: string;
            /**
             * @description As its manifest has them.
             * @default {}
             */
            labels?: {
                [key: string]: string;
            };
            /**
             * @description Its schedules in words, with their next fire.
             * @default []
             */
            schedules?: components["schemas"]["ScheduleView"][];
            /**
             * Format: date-time
             * @description The soonest of these fires; absent: there is none.
             */
            next_at?: string;
            /** @description Its last 14 runs, newest first, where asked for. */
            recent?: components["schemas"]["RunGlance"][];
            /** @description Of its last 100 finished runs, where asked for. */
            stats?: components["schemas"]["JobGlance"];
            /** @description The canonical manifest; see Manifest. */
            spec?: unknown;
        };
        /** @description How two versions of a job differ. */
        JobDiff: {
            /**
             * @description Its name.
             * @default
             */
            job?: string;
            /**
             * Format: int64
             * @description The older one, or the one asked for.
             * @default 1
             */
            from?: number;
            /**
             * Format: int64
             * @description The newer one, or the one asked for.
             * @default 1
             */
            to?: number;
            /**
             * @description Between the canonical manifests.
             * @default []
             */
            changes?: components["schemas"]["Change"][];
        };
        /** @description How a job does, in a few numbers. */
        JobGlance: {
            /**
             * Format: int64
             * @description Finished runs that were looked at.
             * @default 0
             */
            runs?: number;
            /** @description 0 to 1, of those that succeeded or did not. */
            failure_rate?: number;
            /** @description How long half of those that succeeded took at most. */
            p50?: string;
            /** @description The same of 95 in 100. */
            p95?: string;
            /**
             * Format: date-time
             * @description Its end.
             */
            last_success?: string;
        };
        /** @description A page of jobs, by name. */
        JobList: {
            /**
             * @description The jobs.
             * @default []
             */
            items?: components["schemas"]["Job"][];
            /** @description Give it as `cursor`; absent on the last page. */
            next_cursor?: string;
        };
        /** @description The definition of a job: what to run, when, and under which policy. */
        JobSpec: {
            /**
             * @description The job's name, unique within its tenant.
             * @example nightly-backup
             */
            name: string;
            /**
             * @description What the job is for, for people.
             * @default
             */
            description?: string;
            /**
             * @description What kind of work the job is.
             * @default command
             */
            type?: components["schemas"]["JobType"];
            /**
             * @description What to run: a list is executed as it stands, a string is run by /bin/sh -c.
             * @example [
             *       "/usr/local/bin/backup",
             *       "--full"
             *     ]
             */
            command?: string | string[];
            /**
             * @description Environment variables: a text, {secret: name} or {file: path}.
             * @default {}
             * @example {
             *       "PGUSER": "backup",
             *       "PGPASSWORD": {
             *         "secret": "pg-backup"
             *       }
             *     }
             */
            environment?: {
                [key: string]: string | components["schemas"]["EnvironmentVariable"];
            };
            /**
             * @description The directory to run in; left out: the one that the worker runs in.
             * @default
             * @example /srv
             */
            working_dir?: string;
            /**
             * @description Text for the program's standard input.
             * @default
             */
            stdin?: string;
            /**
             * @description The system user to run as; left out: the worker's own user, or the image's.
             * @default
             */
            user?: string;
            /**
             * @description What of the worker's machine the program can reach.
             * @example {
             *       "filesystem": "read_only",
             *       "network": "none"
             *     }
             */
            sandbox?: components["schemas"]["Sandbox"];
            /** @description The request of a job of type http. */
            http?: components["schemas"]["HttpSpec"];
            /** @description The statement of a job of type sql. */
            sql?: components["schemas"]["SqlSpec"];
            /** @description The function of a job of type python. */
            python?: components["schemas"]["ScriptSpec"];
            /** @description The function of a job of type node. */
            node?: components["schemas"]["ScriptSpec"];
            /** @description The container of a job of type container. */
            container?: components["schemas"]["ContainerSpec"];
            /**
             * @description When to run: one schedule, or a list of them.
             * @example {
             *       "cron": "30 2 * * *",
             *       "timezone": "Europe/Berlin"
             *     }
             */
            schedule?: (components["schemas"]["ScheduleSpec"] | components["schemas"]["ScheduleSpec"][]) | string;
            /**
             * @description How long the parts of a run may take.
             * @example {
             *       "run": "2h",
             *       "idle": "15m"
             *     }
             */
            timeout?: components["schemas"]["Timeout"] | string;
            /**
             * @description When and how a failed attempt is repeated.
             * @example {
             *       "max_attempts": 3
             *     }
             */
            retry?: components["schemas"]["Retry"];
            /**
             * @description The queue that the job's runs wait in.
             * @default default
             */
            queue?: string;
            /**
             * Format: int32
             * @description Higher runs first within a queue.
             * @default 0
             */
            priority?: number;
            /** @description How many runs may run at the same time. */
            concurrency?: components["schemas"]["Concurrency"];
            /** @description Which submissions are one and the same. */
            dedupe?: components["schemas"]["Dedupe"];
            /**
             * @description Which bursts of submissions become one run.
             * @example {
             *       "wait": "10s",
             *       "max_wait": "1m"
             *     }
             */
            debounce?: components["schemas"]["Debounce"];
            /**
             * @description When somebody should be told that the job is late.
             * @example {
             *       "start_within": "5m",
             *       "finish_within": "2h",
             *       "every": "25h"
             *     }
             */
            expect?: components["schemas"]["Expect"];
            /**
             * Format: int32
             * @description Its schedules are paused after so many failed runs in a row.
             */
            pause_after_failures?: number;
            /**
             * @description Its schedules fire only in the ledger, to compare with another scheduler.
             * @default false
             */
            shadow?: boolean;
            /** @description What a run takes from its worker. */
            resources?: components["schemas"]["Resources"];
            /** @description Which workers may run the job. */
            placement?: components["schemas"]["Placement"];
            /**
             * @description The values that a run may be given, by name.
             * @default {}
             * @example {
             *       "region": {
             *         "type": "string",
             *         "default": "eu",
             *         "enum": [
             *           "eu",
             *           "us"
             *         ]
             *       }
             *     }
             */
            params?: {
                [key: string]: components["schemas"]["Param"];
            };
            /**
             * @description Words to find the job by.
             * @default {}
             * @example {
             *       "team": "platform"
             *     }
             */
            labels?: {
                [key: string]: string;
            };
            /** @description How much of the job's history is kept. */
            retention?: components["schemas"]["Retention"];
            /**
             * @deprecated
             * @description The program of `command`, when `args` are apart; alone, with blanks, a shell line.
             */
            cmd?: string;
            /**
             * @deprecated
             * @description The arguments that follow `cmd`.
             */
            args?: string[];
            /**
             * @deprecated
             * @description The same as `timeout: {run: <seconds>s}`.
             */
            timeout_secs?: number;
            /**
             * @deprecated
             * @description The same as `retry` with a fixed pause of `backoff_ms` and no jitter.
             */
            on_failure?: {
                /** @constant */
                type: "retry";
                max_attempts?: number;
                backoff_ms?: number;
            };
            /**
             * @deprecated
             * @description The same as image of its type's section.
             */
            image?: unknown;
            /**
             * @deprecated
             * @description The same as entrypoint of its type's section.
             */
            entrypoint?: unknown;
            /**
             * @deprecated
             * @description The same as mounts of its type's section.
             */
            volumes?: unknown;
            /**
             * @deprecated
             * @description The same as mounts of its type's section.
             */
            mounts?: unknown;
            /**
             * @deprecated
             * @description The same as ports of its type's section.
             */
            ports?: unknown;
            /**
             * @deprecated
             * @description The same as network of its type's section.
             */
            network?: unknown;
            /**
             * @deprecated
             * @description The same as pull of its type's section.
             */
            pull?: unknown;
            /**
             * @deprecated
             * @description The same as url of its type's section.
             */
            url?: unknown;
            /**
             * @deprecated
             * @description The same as method of its type's section.
             */
            method?: unknown;
            /**
             * @deprecated
             * @description The same as headers of its type's section.
             */
            headers?: unknown;
            /**
             * @deprecated
             * @description The same as query of its type's section.
             */
            query?: unknown;
            /**
             * @deprecated
             * @description The same as body of its type's section.
             */
            body?: unknown;
            /**
             * @deprecated
             * @description The same as connection of its type's section.
             */
            connection?: unknown;
            /**
             * @deprecated
             * @description The same as statement of its type's section.
             */
            statement?: unknown;
            /**
             * @deprecated
             * @description The same as file of its type's section.
             */
            script?: unknown;
            /**
             * @deprecated
             * @description The same as module of its type's section.
             */
            module?: unknown;
            /**
             * @deprecated
             * @description The same as code of its type's section.
             */
            code?: unknown;
            /**
             * @deprecated
             * @description The same as function of its type's section.
             */
            function?: unknown;
            /**
             * @deprecated
             * @description The same as lock_file of its type's section.
             */
            requirements?: unknown;
            /** @description Belongs to type js; not in this build yet. */
            context?: unknown;
            /** @description Belongs to type pipeline; not in this build yet. */
            jobs?: unknown;
            /** @description Belongs to type broadcast; not in this build yet. */
            broadcast?: unknown;
            /** @description Belongs to type broadcast; not in this build yet. */
            reduce?: unknown;
            /** @description Belongs to type approval; not in this build yet. */
            message?: unknown;
            /** @description Belongs to type approval; not in this build yet. */
            approvers?: unknown;
            /** @description Belongs to a step of a pipeline; not in this build yet. */
            needs?: unknown;
            /** @description Belongs to a step of a pipeline; not in this build yet. */
            if?: unknown;
            /** @description Belongs to a step of a pipeline; not in this build yet. */
            with?: unknown;
            /** @description Belongs to a step of a pipeline; not in this build yet. */
            input_from?: unknown;
            /** @description Belongs to a step of a pipeline; not in this build yet. */
            map?: unknown;
            /** @description Belongs to a step of a pipeline; not in this build yet. */
            continue_on_failure?: unknown;
            /** @description Belongs to a step of a pipeline; not in this build yet. */
            cache?: unknown;
        };
        /** @description What the last finished runs of a job show. */
        JobStats: {
            /**
             * Format: int64
             * @description How many were looked at, the newest.
             */
            runs: number;
            /** @description How many ended in each state. */
            endings: {
                [key: string]: number;
            };
            /** @description Failed and timed-out runs among these and the successful ones, 0 to 1. */
            failure_rate?: number;
            /** @description From first start to end, of the runs that succeeded. */
            duration?: components["schemas"]["DurationSummary"];
            /** @description From due to first start, of the runs that started. */
            wait?: components["schemas"]["DurationSummary"];
            /**
             * Format: date-time
             * @description When the last successful one ended.
             */
            last_success?: string;
            /** @description Of the durations; absent below 10 of them. */
            trend?: components["schemas"]["Trend"];
        };
        /**
         * @description What kind of work a job is.
         *     - `command`: A program on the worker's own machine.
         *     - `container`: An OCI image.
         *     - `js`: A JavaScript or TypeScript module.
         *     - `http`: An HTTP request.
         *     - `sql`: A statement on a database connection.
         *     - `python`: A Python script.
         *     - `node`: A Node.js script.
         *     - `wasm`: A WebAssembly module.
         *     - `pipeline`: A graph of steps, each a job of its own.
         *     - `broadcast`: One run on every matching node, then a reduce.
         *     - `approval`: Waits for a person to agree.
         * @enum {string}
         */
        JobType: "command" | "container" | "js" | "http" | "sql" | "python" | "node" | "wasm" | "pipeline" | "broadcast" | "approval";
        /** @description One immutable version of a job. */
        JobVersion: {
            /**
             * Format: int64
             * @description From 1, without gaps.
             * @default 1
             */
            version?: number;
            /**
             * @description Who stored it.
             * @default
             */
            author?: string;
            /**
             * Format: date-time
             * @description When it was stored.
             */
            created_at?: string;
            /**
             * @description Where it differs from the version before, as JSON pointers.
             * @default []
             */
            changed?: string[];
            /** @description The canonical manifest; absent in lists. */
            spec?: unknown;
        };
        /** @description A page of a job's versions, newest first. */
        JobVersionList: {
            /**
             * @description The versions.
             * @default []
             */
            items?: components["schemas"]["JobVersion"][];
            /** @description Give it as `cursor`; absent on the last page. */
            next_cursor?: string;
        };
        /** @description A worker joins, for the first time. */
        JoinBody: {
            /** @description The id that it has made for itself. */
            worker_id: string;
            /** @description The SHA-256 of the credential that it has made. */
            credential_sha256: string;
            /** @description What it is called. */
            name: string;
        };
        /** @description What a worker that has joined is bound to. */
        JoinReply: {
            /**
             * @description What it is called.
             * @default
             */
            name?: string;
            /**
             * @description Labels that it has, whatever it says.
             * @default {}
             */
            labels?: {
                [key: string]: string;
            };
            /**
             * Format: int32
             * @description The most slots that it may have.
             */
            slots_limit?: number;
        };
        /** @description A token with which workers join, without its secret. */
        JoinToken: {
            /** @description Its id. */
            id: string;
            /**
             * Format: int64
             * @description How many workers may join with it.
             */
            uses: number;
            /**
             * Format: int64
             * @description How many have.
             */
            used: number;
            /**
             * @description Labels that they get.
             * @default {}
             */
            labels?: {
                [key: string]: string;
            };
            /**
             * Format: int32
             * @description The most slots that they may have.
             */
            slots_limit?: number;
            /**
             * @description Who made it.
             * @default
             */
            created_by?: string;
            /**
             * Format: date-time
             * @description When it was made.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description It opens nothing from then on.
             */
            expires_at: string;
            /** @description Whether that time has come. */
            expired: boolean;
        };
        /** @description A token with which workers may join. */
        JoinTokenBody: {
            /**
             * Format: int64
             * @description How many workers.
             * @default 1
             */
            uses?: number;
            /**
             * @description How long it opens anything.
             * @default 1h
             */
            expires_in?: string;
            /**
             * @description Of each of them, whatever it says itself.
             * @default {}
             */
            labels?: {
                [key: string]: string;
            };
            /**
             * Format: int32
             * @description The most slots of each.
             */
            slots_limit?: number;
        };
        /** @description Every join token, oldest first. */
        JoinTokenList: {
            /**
             * @description The tokens.
             * @default []
             */
            items?: components["schemas"]["JoinToken"][];
        };
        /** @description A new join token. This is the only answer that has it. */
        JoinTokenMade: {
            /** @description Its id, by which it is revoked. */
            id: string;
            /** @description The secret, for 'mainspring worker --token'. */
            token: string;
            /**
             * Format: int64
             * @description How many workers may join with it.
             */
            uses: number;
            /**
             * Format: date-time
             * @description It opens nothing from then on.
             */
            expires_at: string;
        };
        /** @description What a heartbeat did for one lease. */
        KeptLease: {
            /** @description The run. */
            run_id: string;
            /**
             * @description Whether it is renewed; else: stop the work at once.
             * @default false
             */
            held?: boolean;
            /** @description How the run is to stop, if somebody asked it to. */
            cancel?: components["schemas"]["CancelMode"];
            /** @description The run timeout does not end it before, from now. */
            extended_for?: string;
        };
        /**
         * @description What a label must be.
         *     - `in`: One of the values.
         *     - `not_in`: None of the values; a worker without the label is as good.
         *     - `exists`: There, whatever its value.
         *     - `absent`: Not there.
         * @enum {string}
         */
        LabelOp: "in" | "not_in" | "exists" | "absent";
        /** @description A lease, as its holder names it. */
        LeaseRef: {
            /** @description The run. */
            run_id: string;
            /**
             * Format: int64
             * @description The fencing number.
             */
            epoch: number;
        };
        /** @description A worker takes nothing more, or is gone. */
        LeaveBody: {
            /**
             * @description draining while it finishes what it has, then offline.
             * @default offline
             */
            state?: components["schemas"]["WorkerState"];
        };
        /** @description How much one attempt has written. */
        LogAttempt: {
            /**
             * Format: int32
             * @description Counts from 1.
             * @default 1
             */
            attempt?: number;
            /**
             * Format: int64
             * @description How many lines there are.
             * @default 0
             */
            lines?: number;
            /**
             * @description The last line has not ended; it may grow.
             * @default false
             */
            open?: boolean;
            /**
             * Format: date-time
             * @description When the first of it arrived.
             */
            first_at?: string;
            /**
             * Format: date-time
             * @description When the last of it arrived.
             */
            last_at?: string;
        };
        /** @description The attempts of a run that have written a log. */
        LogAttemptList: {
            /**
             * @description The attempts, in order.
             * @default []
             */
            items?: components["schemas"]["LogAttempt"][];
            /**
             * @description The run has ended and nothing follows.
             * @default false
             */
            complete?: boolean;
        };
        /** @description A piece of output as it was captured; not a line. */
        LogChunk: {
            /**
             * Format: int32
             * @description Which try wrote it.
             * @default 1
             */
            attempt?: number;
            /**
             * Format: int64
             * @description From 1, without gaps within an attempt.
             * @default 0
             */
            seq?: number;
            /**
             * @description Where it was written.
             * @default stdout
             */
            stream?: components["schemas"]["LogStream"];
            /**
             * Format: date-time
             * @description When it was captured.
             */
            at?: string;
            /** @description The bytes, when they are UTF-8. */
            text?: string;
            /** @description The bytes, when they are not. */
            base64?: string;
        };
        /** @description One line of a log, for reading. */
        LogLine: {
            /**
             * Format: int32
             * @description Counts from 1.
             * @default 1
             */
            attempt?: number;
            /**
             * Format: int64
             * @description Its number within the attempt, from 1.
             * @default 1
             */
            line?: number;
            /**
             * @description Where it came from.
             * @default stdout
             */
            stream?: components["schemas"]["LogStream"];
            /**
             * Format: date-time
             * @description When the last of it arrived.
             */
            at?: string;
            /**
             * @description Without its break; what is no UTF-8 is U+FFFD.
             * @default
             */
            text?: string;
            /**
             * Format: int64
             * @description Of a line that is cut here: the bytes of all of it.
             */
            length?: number;
        };
        /** @description Lines of one attempt. Longer ones than 4 KiB are cut. */
        LogLineList: {
            /**
             * Format: int32
             * @description Whose lines; 0 while there is no log at all.
             * @default 0
             */
            attempt?: number;
            /**
             * Format: int64
             * @description How many lines the attempt has.
             * @default 0
             */
            total?: number;
            /**
             * @description The last line has not ended; it may grow.
             * @default false
             */
            open?: boolean;
            /**
             * @description The run has ended and nothing follows.
             * @default false
             */
            complete?: boolean;
            /**
             * @description The lines; fewer than asked for when they are long.
             * @default []
             */
            items?: components["schemas"]["LogLine"][];
        };
        /** @description A part of one line. */
        LogLinePiece: {
            /**
             * Format: int32
             * @description Counts from 1.
             * @default 1
             */
            attempt?: number;
            /**
             * Format: int64
             * @description Its number within the attempt, from 1.
             * @default 1
             */
            line?: number;
            /**
             * Format: int64
             * @description Where in the line the text begins, in bytes.
             * @default 0
             */
            offset?: number;
            /**
             * @description What is no UTF-8 in it is U+FFFD.
             * @default
             */
            text?: string;
            /**
             * Format: int64
             * @description The bytes of the whole line.
             * @default 0
             */
            length?: number;
            /**
             * Format: int64
             * @description Where the next part begins, if any.
             */
            next_offset?: number;
        };
        /** @description A line that matches, or one near it. */
        LogMatch: {
            /**
             * Format: int32
             * @description Counts from 1.
             * @default 1
             */
            attempt?: number;
            /**
             * Format: int64
             * @description Its number within the attempt, from 1.
             * @default 1
             */
            line?: number;
            /**
             * @description Where it came from.
             * @default stdout
             */
            stream?: components["schemas"]["LogStream"];
            /**
             * Format: date-time
             * @description When the last of it arrived.
             */
            at?: string;
            /**
             * @description Without its break; what is no UTF-8 is U+FFFD.
             * @default
             */
            text?: string;
            /**
             * Format: int64
             * @description Of a line that is cut here: the bytes of all of it.
             */
            length?: number;
            /**
             * @description False for a line that is only near one.
             * @default true
             */
            match?: boolean;
            /**
             * @description What matches in the text, the first 20 places.
             * @default []
             */
            spans?: components["schemas"]["LogSpan"][];
        };
        /** @description Lines that match. An answer takes a few tenths of a second at most: it may be short, even empty, and not the last. */
        LogMatchList: {
            /**
             * @description The lines, in the order of the search.
             * @default []
             */
            items?: components["schemas"]["LogMatch"][];
            /**
             * Format: int64
             * @description How many lines that match this answer came by.
             * @default 0
             */
            matches?: number;
            /** @description How far it came. */
            looked_at?: components["schemas"]["LogPosition"];
            /** @description There is more to look at; give it as `cursor`. */
            next_cursor?: string;
            /**
             * @description The run has ended and nothing follows.
             * @default false
             */
            complete?: boolean;
        };
        /** @description A stretch of a run's log. */
        LogPage: {
            /**
             * @description The chunks.
             * @default []
             */
            items?: components["schemas"]["LogChunk"][];
            /**
             * @description Give it as `cursor` to read on.
             * @default
             */
            next_cursor?: string;
            /**
             * @description The run has ended and nothing follows.
             * @default false
             */
            complete?: boolean;
        };
        /** @description A place in a log. */
        LogPosition: {
            /**
             * Format: int32
             * @description From 1.
             * @default 0
             */
            attempt?: number;
            /**
             * Format: int64
             * @description From 1 within the attempt.
             * @default 0
             */
            line?: number;
        };
        /** @description A stretch of a line's text without its escape sequences, in UTF-16 code units, as JavaScript counts. */
        LogSpan: {
            /**
             * Format: int64
             * @description From 0.
             * @default 0
             */
            begin?: number;
            /**
             * Format: int64
             * @description Over 0.
             * @default 0
             */
            length?: number;
        };
        /**
         * @description Where a piece of output came from.
         *     - `stdout`: The program's standard output.
         *     - `stderr`: The program's standard error.
         *     - `system`: Mainspring itself, about the attempt.
         * @enum {string}
         */
        LogStream: "stdout" | "stderr" | "system";
        /**
         * @description What becomes of fires that come due during a pause.
         *     - `drop`: They are skipped, and the ledger says so.
         *     - `hold`: They wait, and meet the overlap policy when the pause ends.
         * @enum {string}
         */
        Meanwhile: "drop" | "hold";
        /** @description How many runs ended in each minute. */
        MinuteCounts: {
            /**
             * Format: date-time
             * @description The beginning of the first minute.
             */
            from: string;
            /** @description By final state, those that occurred: 60 numbers, the oldest minute first. */
            ended: {
                [key: string]: number[];
            };
        };
        /**
         * @description What happens to fires that came due while no scheduler was running.
         *     - `skip`: They are skipped, and the ledger says so.
         *     - `run_once`: One run stands for all of them.
         *     - `run_all`: Every one runs that is not older than catch_up.
         *     - `run_latest`: Only the latest runs.
         * @enum {string}
         */
        Misfire: "skip" | "run_once" | "run_all" | "run_latest";
        /** @description Something that a container finds in its file system. */
        Mount: {
            /**
             * @description What is mounted.
             * @default bind
             */
            type?: components["schemas"]["MountType"];
            /**
             * @description A path of the engine's machine, or a volume's name.
             * @default
             */
            source?: string;
            /** @description Where in the container: a full path. */
            target: string;
            /**
             * @description Whether it can only be read.
             * @default false
             */
            read_only?: boolean;
            /**
             * @description Of a tmpfs.
             * @example 64MiB
             */
            size?: string;
        };
        /**
         * @description What is mounted.
         *     - `bind`: A path of the engine's machine, which must be there.
         *     - `volume`: A volume of the engine, made when it is not there.
         *     - `tmpfs`: Memory, gone with the container.
         * @enum {string}
         */
        MountType: "bind" | "volume" | "tmpfs";
        /** @description One process of the program. */
        Node: {
            /** @description The node's id; it stays over restarts. */
            id: string;
            /** @description The node's name; its host's unless configured. */
            name: string;
            /** @description Whether it is there. */
            state: components["schemas"]["NodeState"];
            /** @description What it does. */
            roles: components["schemas"]["NodeRole"][];
            /**
             * @description The version of its program.
             * @default
             */
            version?: string;
            /**
             * Format: int32
             * @description Of what nodes say to each other through the store.
             * @default 1
             */
            protocol?: number;
            /**
             * @description Where its API is reached; empty: it has none.
             * @default
             */
            address?: string;
            /**
             * Format: date-time
             * @description When it started.
             */
            started_at: string;
            /**
             * Format: date-time
             * @description When it was last heard of.
             */
            heartbeat_at: string;
            /**
             * Format: int64
             * @description By how much the store's clock is ahead of its own; absent: unknown. Beyond a second it plans nothing.
             */
            clock_offset_ms?: number;
        };
        /** @description The nodes that share the store. */
        NodeList: {
            /**
             * @description Those that went a while ago, too.
             * @default []
             */
            items?: components["schemas"]["Node"][];
        };
        /**
         * @description What a node does.
         *     - `api`: It serves the REST API and the web UI.
         *     - `scheduler`: It plans schedules and does what time does.
         *     - `worker`: It executes runs.
         * @enum {string}
         */
        NodeRole: "api" | "scheduler" | "worker";
        /**
         * @description Whether a node is there.
         *     - `online`: It does its work.
         *     - `draining`: It is about to stop; others have taken over.
         *     - `offline`: It was stopped.
         *     - `lost`: It was not heard of in time; others have taken over.
         * @enum {string}
         */
        NodeState: "online" | "draining" | "offline" | "lost";
        /** @description A worker listens. */
        NoticeBody: {
            /**
             * @description How long, if there is nothing to tell.
             * @default 25s
             */
            wait?: string;
        };
        /** @description What a worker is told between its heartbeats. */
        NoticeReply: {
            /**
             * @description Whether a claim may find some.
             * @default false
             */
            runs_ready?: boolean;
            /** @description When the next scheduled run is due. */
            next_due_in?: string;
            /**
             * @description Runs that are to stop.
             * @default []
             */
            cancels?: components["schemas"]["CancelNotice"][];
            /**
             * @description Runs that were given more time.
             * @default []
             */
            extensions?: components["schemas"]["ExtensionNotice"][];
            /**
             * @description Whether the next heartbeat has an order.
             * @default false
             */
            ordered?: boolean;
        };
        /** @description An access token got by client credentials (RFC 6749, section 4.4). */
        OAuth2: {
            /** @description Where tokens are given out. */
            token_url: string;
            /** @description Who asks. */
            client_id: string;
            /** @description Where its secret lies. */
            client_secret: components["schemas"]["SecretRef"];
            /**
             * @description What the token is to be good for.
             * @default []
             */
            scopes?: string[];
            /**
             * @description For whom, where the server wants to know.
             * @default
             */
            audience?: string;
        };
        /** @description An instant at which a schedule should have fired, and what became of it. */
        Occurrence: {
            /** @description The job's id. */
            job_id: string;
            /** @description The job's name. */
            job: string;
            /** @description The schedule. */
            schedule_id: string;
            /**
             * Format: date-time
             * @description The instant.
             */
            at: string;
            /**
             * @description The same as the schedule's time zone reads it.
             * @default
             * @example 2026-03-29T02:30:00
             */
            local?: string;
            /**
             * Format: date-time
             * @description The last instant, where one entry stands for several.
             */
            through?: string;
            /**
             * Format: int64
             * @description How many occurrences this entry stands for.
             */
            count: number;
            /** @description What became of it; absent while it is still to come. */
            ending?: components["schemas"]["Ending"];
            /** @description The run that it became, or that stands for it. */
            run_id?: string;
            /**
             * @description Why it ended so, a sentence.
             * @default
             */
            detail?: string;
            /**
             * Format: date-time
             * @description When its ending was decided.
             */
            decided_at?: string;
        };
        /** @description A page of the occurrence ledger, newest first. */
        OccurrenceList: {
            /**
             * @description The occurrences.
             * @default []
             */
            items?: components["schemas"]["Occurrence"][];
            /** @description Give it as `cursor`; absent on the last page. */
            next_cursor?: string;
        };
        /**
         * @description What happens to a run for which a concurrency limit has no room.
         *     - `queue`: It waits until there is room.
         *     - `skip`: It is skipped, and says why.
         *     - `cancel_running`: The oldest run under way is asked to stop, then this one runs.
         * @enum {string}
         */
        OnLimit: "queue" | "skip" | "cancel_running";
        /** @description Work on many runs, and how far it has come. */
        Operation: {
            /** @description Its id. */
            id: string;
            /** @description The tenant that owns it. */
            tenant: string;
            /** @description What was asked for. */
            spec: components["schemas"]["OperationSpec"];
            /** @description Where it stands. */
            state: components["schemas"]["OperationState"];
            /**
             * @description Who asked.
             * @default
             */
            by?: string;
            /**
             * Format: int64
             * @description Runs found so far.
             */
            total: number;
            /**
             * Format: int64
             * @description Runs dealt with.
             */
            done: number;
            /**
             * Format: int64
             * @description Runs that needed nothing.
             */
            skipped: number;
            /**
             * @description Where it stands, a sentence.
             * @default
             */
            detail?: string;
            /**
             * Format: date-time
             * @description When it was asked for.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When it ended.
             */
            finished_at?: string;
        };
        /** @description Work on many runs, or a backfill. */
        OperationBody: {
            /** @description What to do. */
            kind: components["schemas"]["OperationKind"];
            /** @description To which runs; of every kind but backfill. */
            selection?: components["schemas"]["RunSelection"];
            /** @description The selection as one text, such as state:failed since:2h; see run-query. */
            query?: string;
            /** @description Which fires, for a backfill. */
            backfill?: components["schemas"]["BackfillBody"];
            /**
             * @description Why; kept with each run.
             * @default
             */
            reason?: string;
        };
        /**
         * @description What an operation does to many runs.
         *     - `cancel_runs`: Cancels them.
         *     - `rerun_runs`: Submits each again, with the same input.
         *     - `delete_runs`: Removes finished ones with their logs.
         *     - `backfill`: Runs the fires of a past range of a schedule.
         * @enum {string}
         */
        OperationKind: "cancel_runs" | "rerun_runs" | "delete_runs" | "backfill";
        /** @description A page of operations, newest first. */
        OperationList: {
            /**
             * @description The operations.
             * @default []
             */
            items?: components["schemas"]["Operation"][];
            /** @description Give it as `cursor`; absent on the last page. */
            next_cursor?: string;
        };
        /** @description What an operation would find now. */
        OperationPreview: {
            /**
             * @description What it would do.
             * @default cancel_runs
             */
            kind?: components["schemas"]["OperationKind"];
            /**
             * Format: int64
             * @description To how many runs, or fires.
             * @default 0
             */
            runs?: number;
            /**
             * @description False: there are at least so many.
             * @default true
             */
            complete?: boolean;
        };
        /** @description Work on many runs, to be done little by little. */
        OperationSpec: {
            /** @description What to do. */
            kind: components["schemas"]["OperationKind"];
            /** @description To which runs. */
            selection?: components["schemas"]["RunSelection"];
            /** @description Which fires, for a backfill. */
            backfill?: components["schemas"]["Backfill"];
            /**
             * @description Why, for those who find it.
             * @default
             */
            reason?: string;
        };
        /**
         * @description Where an operation stands.
         *     - `running`: It is being done, little by little.
         *     - `completed`: Everything is done.
         *     - `cancelled`: Somebody stopped it.
         *     - `failed`: It cannot go on; `detail` says why.
         * @enum {string}
         */
        OperationState: "running" | "completed" | "cancelled" | "failed";
        /** @description How an attempt ended. */
        Outcome: {
            /** @description The ending in one word. */
            status: components["schemas"]["OutcomeStatus"];
            /**
             * Format: int32
             * @description The program's exit code, if it exited.
             */
            exit_code?: number;
            /**
             * @description The signal that ended it, if one did.
             * @example SIGKILL
             */
            signal?: string;
            /** @description The result document that the program wrote. */
            result?: unknown;
            /**
             * @description The type of the result.
             * @default
             */
            result_media_type?: string;
            /** @description What went wrong, if something did. */
            error?: components["schemas"]["Failure"];
            /** @description How long the other side asked to wait before another try. */
            retry_after?: string;
            /** @description What the attempt took. */
            usage?: components["schemas"]["ResourceUse"];
        };
        /**
         * @description How an attempt ended.
         *     - `success`: The work is done.
         *     - `failed`: The work failed.
         *     - `retryable`: The work failed for now and says that trying again may help (exit code 75).
         *     - `lost`: The worker vanished.
         *     - `timed_out`: It took longer than its timeout allows.
         *     - `cancelled`: Somebody stopped it.
         * @enum {string}
         */
        OutcomeStatus: "success" | "failed" | "retryable" | "lost" | "timed_out" | "cancelled";
        /** @description A piece of an attempt's output, byte for byte. */
        OutputChunk: {
            /**
             * Format: int64
             * @description Counts from 1 without gaps within an attempt.
             */
            seq: number;
            /** @description Where it came from. */
            stream: components["schemas"]["LogStream"];
            /**
             * Format: date-time
             * @description When it arrived.
             */
            at: string;
            /** @description The bytes. */
            bytes: string;
        };
        /**
         * @description What happens to a fire while an earlier run of the job is not finished.
         *     - `skip`: The fire is skipped, and the ledger says so.
         *     - `buffer_one`: One fire waits for the earlier run; more are skipped.
         *     - `buffer_all`: Every fire waits its turn.
         *     - `cancel_other`: The earlier run is asked to stop, then this runs.
         *     - `terminate_other`: The earlier run is killed, then this runs.
         *     - `allow`: Both run.
         * @enum {string}
         */
        Overlap: "skip" | "buffer_one" | "buffer_all" | "cancel_other" | "terminate_other" | "allow";
        /** @description What is worth knowing of everything at once. */
        Overview: {
            /**
             * Format: date-time
             * @description When this was true.
             */
            at: string;
            /** @description Of the node that answers. */
            health: components["schemas"]["HealthView"];
            /** @description Runs that have not ended, by state. */
            live: {
                [key: string]: number;
            };
            /** @description Jobs that fail now, the newest failure first; 20. */
            failing: components["schemas"]["FailingJob"][];
            /**
             * Format: int64
             * @description Of all of them; 1000 means or more.
             */
            failing_count: number;
            /** @description The next fire of each of the 20 schedules that fire next. */
            next: components["schemas"]["AgendaFire"][];
            /**
             * Format: int64
             * @description Schedules that were looked at for it.
             */
            schedule_count: number;
            /** @description There are more, which were not. */
            next_truncated: boolean;
            /** @description Runs that ended within the last hour. */
            minutes: components["schemas"]["MinuteCounts"];
            /** @description The 20 queues in which most runs wait. */
            queues: components["schemas"]["QueueGlance"][];
            /**
             * Format: int64
             * @description Of all queues.
             */
            queue_count: number;
            /** @description Who executes runs. */
            workers: components["schemas"]["WorkerCounts"];
            /** @description Absent where the node keeps none of itself. */
            backups?: components["schemas"]["BackupGlance"];
        };
        /** @description A value that a run is given; checked when the run is submitted. */
        Param: {
            /**
             * @description The JSON type of the value.
             * @default string
             */
            type?: components["schemas"]["ParamType"];
            /**
             * @description What the value means, for people.
             * @default
             */
            description?: string;
            /**
             * @description The value when none is given.
             * @example eu
             */
            default?: unknown;
            /**
             * @description The only values allowed.
             * @default []
             * @example [
             *       "eu",
             *       "us"
             *     ]
             */
            enum?: unknown[];
            /**
             * @description Whether a run must be given a value.
             * @default false
             */
            required?: boolean;
            /** @description The smallest number allowed. */
            minimum?: number;
            /** @description The largest number allowed. */
            maximum?: number;
            /**
             * Format: int32
             * @description The longest text allowed, in characters.
             */
            max_length?: number;
        };
        /**
         * @description The JSON type of a param.
         *     - `string`: Text.
         *     - `integer`: A whole number.
         *     - `number`: Any number.
         *     - `boolean`: true or false.
         *     - `object`: A map.
         *     - `array`: A list.
         * @enum {string}
         */
        ParamType: "string" | "integer" | "number" | "boolean" | "object" | "array";
        /** @description Who holds something back, why, and for how long. */
        Pause: {
            /** @description Who paused it. */
            by: string;
            /**
             * @description Why, as they said.
             * @default
             */
            note?: string;
            /**
             * Format: date-time
             * @description Since when.
             */
            at: string;
            /**
             * Format: date-time
             * @description When it ends by itself; absent: when somebody resumes it.
             */
            until?: string;
            /** @description What becomes of fires that come due. */
            meanwhile: components["schemas"]["Meanwhile"];
        };
        /** @description Why a job is paused, and for how long. */
        PauseBody: {
            /**
             * @description For whoever finds it paused.
             * @default
             */
            note?: string;
            /**
             * Format: date-time
             * @description When it resumes by itself.
             */
            until?: string;
            /** @description The same, from now. */
            for?: string;
            /**
             * @description What becomes of fires that come due.
             * @default drop
             */
            meanwhile?: components["schemas"]["Meanwhile"];
        };
        /** @description A real run of a job by another scheduler. */
        Ping: {
            /**
             * Format: date-time
             * @description When it started.
             */
            started_at?: string;
            /**
             * Format: date-time
             * @description When it ended; absent when nobody said so.
             */
            finished_at?: string;
            /**
             * Format: int32
             * @description Its exit code.
             */
            exit_code?: number;
            /**
             * @description The machine it ran on.
             * @default
             */
            host?: string;
        };
        /** @description A real run of the job by another scheduler. */
        PingBody: {
            /**
             * Format: date-time
             * @description When it started; with the host, its identity.
             */
            started_at: string;
            /**
             * Format: date-time
             * @description When it ended; absent while it runs.
             */
            finished_at?: string;
            /**
             * Format: int32
             * @description Its exit code; 128 and the signal when killed.
             */
            exit_code?: number;
            /**
             * @description The machine it ran on.
             * @default
             */
            host?: string;
        };
        /** @description A page of a job's pings, oldest first. */
        PingList: {
            /**
             * @description The pings.
             * @default []
             */
            items?: components["schemas"]["Ping"][];
            /** @description Give it as `cursor`; absent on the last page. */
            next_cursor?: string;
        };
        /** @description Which workers may run the job, and which of them should. */
        Placement: {
            /**
             * @description A worker must carry all of these labels.
             * @default {}
             */
            labels?: {
                [key: string]: string;
            };
            /**
             * @description A worker must satisfy all of these.
             * @default []
             * @example [
             *       {
             *         "label": "zone",
             *         "op": "in",
             *         "values": [
             *           "eu-1",
             *           "eu-2"
             *         ]
             *       }
             *     ]
             */
            constraints?: components["schemas"]["Constraint"][];
            /**
             * @description Of the workers that may, those that should.
             * @default []
             * @example [
             *       {
             *         "label": "disk",
             *         "value": "ssd",
             *         "weight": 10
             *       }
             *     ]
             */
            prefer?: components["schemas"]["Preference"][];
            /**
             * @description Its attempts do not gather in one place.
             * @example {
             *       "label": "zone"
             *     }
             */
            spread?: components["schemas"]["Spread"];
        };
        /** @description A label that makes a worker better than others. */
        Preference: {
            /** @description The label's key. */
            label: string;
            /** @description The label's value. */
            value: string;
            /**
             * Format: int32
             * @description How much better; below zero, how much worse.
             * @default 1
             */
            weight?: number;
        };
        /** @description What a schedule would do. */
        PreviewedSchedule: {
            /**
             * @description When it fires, for a person.
             * @default
             */
            words?: string;
            /**
             * @description IANA name.
             * @default
             */
            timezone?: string;
            /**
             * @description The next ones.
             * @default []
             */
            fires?: components["schemas"]["Fire"][];
            /**
             * @description What happens at the next two changes of the clock, a sentence each.
             * @default []
             */
            clock_changes?: string[];
        };
        /** @description How far an attempt says it has come. */
        Progress: {
            /** @description From 0 to 1. */
            fraction: number;
            /**
             * @description What it is doing.
             * @default
             */
            message?: string;
            /**
             * Format: date-time
             * @description When it said so.
             */
            at: string;
        };
        /**
         * @description When an image is fetched from its registry.
         *     - `missing`: When the engine has none of that name.
         *     - `always`: Before every attempt.
         *     - `never`: Never: one that is not there is an error.
         * @enum {string}
         */
        Pull: "missing" | "always" | "never";
        /** @description A queue as it stands. */
        Queue: {
            /** @description The tenant that owns it. */
            tenant: string;
            /** @description Its limits. */
            spec: components["schemas"]["QueueSpec"];
            /** @description Who holds it back, and why; absent: runs start. */
            pause?: components["schemas"]["Pause"];
            /**
             * Format: int64
             * @description Runs that wait.
             */
            waiting: number;
            /**
             * Format: int64
             * @description Attempts under way.
             */
            running: number;
            /**
             * Format: date-time
             * @description Since when the oldest of them waits.
             */
            oldest_due_at?: string;
        };
        /** @description The limits of a queue; what is left out has none. */
        QueueBody: {
            /**
             * @description What the queue is for.
             * @default
             */
            description?: string;
            /**
             * Format: int64
             * @description Attempts under way at the same time.
             */
            limit?: number;
            /**
             * @description How often runs may start.
             * @example {
             *       "count": 10,
             *       "per": "1m"
             *     }
             */
            rate?: components["schemas"]["Rate"];
            /**
             * Format: int64
             * @description Runs that may wait; more are refused.
             */
            depth?: number;
            /**
             * Format: int32
             * @description Its share of the starts, beside the queues of its tenant; theirs is 1.
             */
            weight?: number;
        };
        /** @description How a queue stands. */
        QueueGlance: {
            /** @description Its name. */
            name: string;
            /**
             * Format: int64
             * @description Runs that wait in it.
             */
            waiting: number;
            /**
             * Format: int64
             * @description Attempts under way.
             */
            running: number;
            /**
             * Format: date-time
             * @description Of the runs that wait.
             */
            oldest_due_at?: string;
            /** @description Nothing starts from it. */
            paused: boolean;
        };
        /** @description Every queue that has limits or a pause, or holds a run, by name. */
        QueueList: {
            /**
             * @description The queues.
             * @default []
             */
            items?: components["schemas"]["Queue"][];
        };
        /** @description The limits of a queue. */
        QueueSpec: {
            /** @description The queue's name, unique within its tenant. */
            name: string;
            /**
             * @description What the queue is for, for people.
             * @default
             */
            description?: string;
            /**
             * Format: int64
             * @description Attempts under way at the same time.
             */
            limit?: number;
            /**
             * @description How often runs may start.
             * @example {
             *       "count": 10,
             *       "per": "1m"
             *     }
             */
            rate?: components["schemas"]["Rate"];
            /**
             * Format: int64
             * @description Runs that may wait; more are refused.
             */
            depth?: number;
            /**
             * Format: int32
             * @description Its share of the starts, beside the queues of its tenant; theirs is 1.
             */
            weight?: number;
        };
        /** @description How often runs may start. */
        Rate: {
            /**
             * Format: int64
             * @description Starts in each `per`.
             * @default 1
             */
            count?: number;
            /**
             * @description The time that `count` is for.
             * @default 1s
             */
            per?: string;
            /**
             * Format: int64
             * @description Starts at once after a quiet time; 0: `count`.
             * @default 0
             */
            burst?: number;
        };
        /**
         * @description What is done about an answer that points elsewhere.
         *     - `any`: It is followed; credentials stay with the origin they are for.
         *     - `same_origin`: It is followed within scheme, host and port; another place is an error.
         *     - `none`: It is the answer.
         * @enum {string}
         */
        Redirects: "any" | "same_origin" | "none";
        /** @description What an attempt says: output, progress or its outcome. */
        Report: {
            /** @description The attempt's lease. */
            lease: components["schemas"]["LeaseRef"];
            /**
             * @description What it printed.
             * @default []
             */
            output?: components["schemas"]["OutputChunk"][];
            /** @description How far it has come. */
            progress?: components["schemas"]["Progress"];
            /** @description How it ended; from version 2 on also with its last output. */
            outcome?: components["schemas"]["Outcome"];
        };
        /** @description What became of one report. */
        ReportAnswer: {
            /**
             * @description An error code; empty when it was taken.
             * @default
             */
            code?: string;
            /**
             * @description Of an error.
             * @default
             */
            message?: string;
            /** @description The run's state after an outcome. */
            state?: components["schemas"]["RunState"];
            /**
             * Format: date-time
             * @description When it is tried again, if it is.
             */
            retry_at?: string;
        };
        /** @description What the attempts of a worker say. */
        ReportBody: {
            /** @description In the order in which it happened. */
            reports: components["schemas"]["Report"][];
            /**
             * Format: date-time
             * @description When, by the worker's clock.
             */
            sent_at: string;
        };
        /** @description What became of the reports. */
        ReportReply: {
            /**
             * @description One for each, in order.
             * @default []
             */
            answers?: components["schemas"]["ReportAnswer"][];
        };
        /** @description How a run is run again. An empty body: as it was. */
        RerunBody: {
            /**
             * @description Instead of the run's own, one by one; null takes one away.
             * @default {}
             */
            params?: {
                [key: string]: unknown;
            };
            /**
             * @description Which definition it follows.
             * @default same
             */
            version?: components["schemas"]["RerunVersion"];
            /**
             * Format: int32
             * @description Instead of the run's, or with `latest` the job's.
             */
            priority?: number;
        };
        /**
         * @description Which definition a re-run follows.
         *     - `same`: The one that the run had.
         *     - `latest`: The newest one.
         * @enum {string}
         */
        RerunVersion: "same" | "latest";
        /** @description What an attempt took, its children included. */
        ResourceUse: {
            /**
             * @description Processor time in the program.
             * @default 0s
             */
            cpu_user?: string;
            /**
             * @description Processor time in the kernel for it.
             * @default 0s
             */
            cpu_system?: string;
            /**
             * @description Time from its start to its end.
             * @default 0s
             */
            wall?: string;
            /**
             * Format: int64
             * @description The most memory at once: of all its processes and the files they had cached, where a control group counted it; else resident in its largest process.
             * @default 0
             */
            max_rss_bytes?: number;
            /**
             * @description How long resources.cpu held it back.
             * @default 0s
             */
            throttled?: string;
            /**
             * Format: int64
             * @description The most processes and threads at once; 0: not counted.
             * @default 0
             */
            max_pids?: number;
        };
        /** @description What a run takes from its worker. */
        Resources: {
            /**
             * @description Cores, such as 0.5 or 2; 0 is no limit.
             * @default 0
             */
            cpu?: number;
            /**
             * @description Memory, such as 512MiB or 2GB; left out is no limit.
             * @example 512MiB
             */
            memory?: string;
            /**
             * Format: int32
             * @description Graphics processors, whole ones.
             * @default 0
             */
            gpus?: number;
            /**
             * @description Memory that each of its gpus has at least; left out: any.
             * @example 24GiB
             */
            gpu_memory?: string;
            /**
             * Format: int32
             * @description Slots of the worker that one run occupies.
             * @default 1
             */
            slots?: number;
            /**
             * Format: int64
             * @description Processes and threads at once; 0 is no limit.
             * @default 0
             */
            pids?: number;
            /**
             * @description Run even where the worker's machine cannot enforce a limit.
             * @default false
             */
            best_effort?: boolean;
        };
        /** @description Why a job is resumed. */
        ResumeBody: {
            /**
             * @description For the record.
             * @default
             */
            note?: string;
        };
        /** @description How much history is kept. */
        Retention: {
            /**
             * Format: int64
             * @description Finished runs kept, newest first.
             */
            runs?: number;
            /** @description How long a finished run is kept. */
            age?: string;
            /** @description How long the log of a finished run is kept. */
            log_age?: string;
            /**
             * @description How much log of all its runs is kept, newest first.
             * @example 1GiB
             */
            log_bytes?: string;
            /** @description How long the ledger of occurrences is kept. */
            ledger_age?: string;
        };
        /** @description When and how a failed attempt is repeated. */
        Retry: {
            /**
             * Format: int32
             * @description Attempts in all, the first included.
             * @default 1
             */
            max_attempts?: number;
            /** @description How long to wait before each retry. */
            backoff?: components["schemas"]["Backoff"];
            /** @description Which attempts are retried. */
            only?: components["schemas"]["RetryOnly"];
        };
        /** @description Which attempts are retried: those that either list names; none given: any. */
        RetryOnly: {
            /**
             * @description Exit codes that are retried.
             * @default []
             * @example [
             *       75
             *     ]
             */
            exit_codes?: number[];
            /**
             * @description Endings that are retried.
             * @default []
             * @example [
             *       "retryable",
             *       "lost"
             *     ]
             */
            outcomes?: components["schemas"]["OutcomeStatus"][];
        };
        /** @description Which version becomes the newest again. */
        RevertBody: {
            /**
             * Format: int64
             * @description One that the job has.
             */
            version: number;
        };
        /**
         * @description What a credential may do; each includes the ones before it.
         *     - `viewer`: Read everything.
         *     - `operator`: Also start, cancel and pause.
         *     - `admin`: Also change definitions, queues, calendars, connections and tokens.
         * @enum {string}
         */
        Role: "viewer" | "operator" | "admin";
        /** @description One execution of a job version, whole. */
        Run: {
            /** @description The run's id; ids sort by the time they were made. */
            id: string;
            /** @description The tenant that owns the run. */
            tenant: string;
            /** @description The job's id. */
            job_id: string;
            /** @description The job's name. */
            job: string;
            /**
             * Format: int64
             * @description The version of the job that runs.
             */
            job_version: number;
            /** @description Where the run stands. */
            state: components["schemas"]["RunState"];
            /**
             * @description Why it stands there, a sentence; often empty.
             * @default
             */
            reason?: string;
            /** @description Why the run exists. */
            trigger: components["schemas"]["Trigger"];
            /**
             * @description Who asked for it; empty for schedules.
             * @default
             */
            requested_by?: string;
            /** @description The queue that it waits in. */
            queue: string;
            /**
             * Format: int32
             * @description Higher runs first within a queue.
             */
            priority: number;
            /**
             * Format: int32
             * @description Attempts started so far.
             */
            attempt_count: number;
            /**
             * Format: date-time
             * @description When the run was accepted.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description The instant of its occurrence, or the time asked for.
             */
            scheduled_at: string;
            /**
             * Format: date-time
             * @description The next moment it may start; a retry moves it later.
             */
            due_at: string;
            /**
             * Format: date-time
             * @description When its first attempt started.
             */
            started_at?: string;
            /**
             * Format: date-time
             * @description When it ended.
             */
            finished_at?: string;
            /**
             * Format: int32
             * @description The exit code of its last attempt.
             */
            exit_code?: number;
            /** @description The schedule that fired, if one did. */
            schedule_id?: string;
            /** @description The run that this one is a part of. */
            parent_run?: string;
            /** @description The run that this one repeats. */
            rerun_of?: string;
            /** @description The backfill or bulk re-run that made it. */
            operation_id?: string;
            /**
             * Format: date-time
             * @description When it was due at first; absent while no retry moved that.
             */
            first_due_at?: string;
            /**
             * @description Runs with this key count together.
             * @default
             */
            concurrency_key?: string;
            /**
             * Format: date-time
             * @description When it has waited too long.
             */
            queue_until?: string;
            /**
             * Format: date-time
             * @description Its run timeout does not end it before.
             */
            extended_until?: string;
            /**
             * @description The values it was given, defaults included.
             * @default {}
             */
            params?: {
                [key: string]: unknown;
            };
            /**
             * @description Every attempt, in order.
             * @default []
             */
            attempts?: components["schemas"]["Attempt"][];
            /** @description Who asked it to stop, if somebody did. */
            cancel?: components["schemas"]["CancelRequest"];
            /** @description How far its attempt says it has come. */
            progress?: components["schemas"]["Progress"];
            /** @description How its last finished attempt ended. */
            outcome?: components["schemas"]["Outcome"];
            /** @description The trace that it is a part of; absent: it begins one, whose id is the digits of the run's id. */
            trace?: components["schemas"]["TraceContext"];
        };
        /** @description What a bar or a dot of a chart needs of a run. */
        RunGlance: {
            /** @description The run. */
            id?: string;
            /**
             * @description Where it is.
             * @default queued
             */
            state?: components["schemas"]["RunState"];
            /**
             * @description Why it exists.
             * @default manual
             */
            trigger?: components["schemas"]["Trigger"];
            /**
             * Format: date-time
             * @description When it could first start; absent: not known any more.
             */
            due_at?: string;
            /**
             * Format: date-time
             * @description When its first attempt did.
             */
            started_at?: string;
            /**
             * Format: date-time
             * @description When it ended.
             */
            finished_at?: string;
        };
        /** @description A page of runs, newest first. */
        RunList: {
            /**
             * @description The runs.
             * @default []
             */
            items?: components["schemas"]["RunSummary"][];
            /** @description Give it as `cursor`; absent on the last page. */
            next_cursor?: string;
        };
        /** @description Which runs: every part that is given must hold. */
        RunSelection: {
            /**
             * @description Of this job, by name or id.
             * @default
             */
            job?: string;
            /**
             * @description In one of these states.
             * @default []
             */
            states?: components["schemas"]["RunState"][];
            /** @description Started by this trigger. */
            trigger?: components["schemas"]["Trigger"];
            /**
             * @description In this queue.
             * @default
             */
            queue?: string;
            /**
             * @description Of jobs with these labels.
             * @default
             * @example team=platform,tier!=test
             */
            selector?: string;
            /**
             * Format: date-time
             * @description Created at or after this instant.
             */
            created_from?: string;
            /**
             * Format: date-time
             * @description Created before this instant.
             */
            created_until?: string;
        };
        /**
         * @description Where a run stands.
         *     - `scheduled`: Due later.
         *     - `queued`: Due, waiting for a worker.
         *     - `running`: An attempt is being made.
         *     - `waiting`: For children, an approval or an event.
         *     - `succeeded`: Ended well.
         *     - `failed`: Ended badly, with no attempt left.
         *     - `cancelled`: Ended because somebody asked.
         *     - `timed_out`: Ended because it took too long.
         *     - `skipped`: Ended without a start, by a policy.
         * @enum {string}
         */
        RunState: "scheduled" | "queued" | "running" | "waiting" | "succeeded" | "failed" | "cancelled" | "timed_out" | "skipped";
        /** @description A run as lists show it: no payload, no attempt in detail. */
        RunSummary: {
            /** @description The run's id; ids sort by the time they were made. */
            id: string;
            /** @description The tenant that owns the run. */
            tenant: string;
            /** @description The job's id. */
            job_id: string;
            /** @description The job's name. */
            job: string;
            /**
             * Format: int64
             * @description The version of the job that runs.
             */
            job_version: number;
            /** @description Where the run stands. */
            state: components["schemas"]["RunState"];
            /**
             * @description Why it stands there, a sentence; often empty.
             * @default
             */
            reason?: string;
            /** @description Why the run exists. */
            trigger: components["schemas"]["Trigger"];
            /**
             * @description Who asked for it; empty for schedules.
             * @default
             */
            requested_by?: string;
            /** @description The queue that it waits in. */
            queue: string;
            /**
             * Format: int32
             * @description Higher runs first within a queue.
             */
            priority: number;
            /**
             * Format: int32
             * @description Attempts started so far.
             */
            attempt_count: number;
            /**
             * Format: date-time
             * @description When the run was accepted.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description The instant of its occurrence, or the time asked for.
             */
            scheduled_at: string;
            /**
             * Format: date-time
             * @description The next moment it may start; a retry moves it later.
             */
            due_at: string;
            /**
             * Format: date-time
             * @description When its first attempt started.
             */
            started_at?: string;
            /**
             * Format: date-time
             * @description When it ended.
             */
            finished_at?: string;
            /**
             * Format: int32
             * @description The exit code of its last attempt.
             */
            exit_code?: number;
        };
        /** @description What of the worker's machine a program can reach. */
        Sandbox: {
            /**
             * @description Files.
             * @default host
             */
            filesystem?: components["schemas"]["SandboxFiles"];
            /**
             * @description The network.
             * @default host
             */
            network?: components["schemas"]["SandboxNetwork"];
            /**
             * @description System calls.
             * @default host
             */
            syscalls?: components["schemas"]["SandboxSyscalls"];
        };
        /**
         * @description What of the file system a program sees.
         *     - `host`: All that its user may.
         *     - `read_only`: The same, but it writes only to its working directory and a /tmp of its own.
         *     - `private`: Besides, homes and the node's own files are not there.
         * @enum {string}
         */
        SandboxFiles: "host" | "read_only" | "private";
        /**
         * @description What of the network a program sees.
         *     - `host`: That of the worker's machine.
         *     - `none`: None but a loopback of its own.
         * @enum {string}
         */
        SandboxNetwork: "host" | "none";
        /**
         * @description Which system calls a program may make.
         *     - `host`: All.
         *     - `default`: Those that ordinary programs make: none that administer the machine.
         * @enum {string}
         */
        SandboxSyscalls: "host" | "default";
        /** @description What schedules would do, in the order given. */
        SchedulePreview: {
            /**
             * @description One for each.
             * @default []
             */
            items?: components["schemas"]["PreviewedSchedule"][];
        };
        /** @description A schedule to look at; nothing is stored. */
        SchedulePreviewBody: {
            /** @description As in a manifest: an expression, one, or a list. */
            schedule: unknown;
            /**
             * @description Of those that name none; UTC when absent.
             * @default
             */
            timezone?: string;
            /**
             * @description The job's name: it decides the values of H.
             * @default
             */
            job?: string;
            /**
             * Format: date-time
             * @description Fires after this instant; now when absent.
             */
            from?: string;
            /**
             * Format: int32
             * @description How many fires of each.
             * @default 5
             */
            limit?: number;
        };
        /** @description When time starts a run: exactly one of cron, every, at and delay. */
        ScheduleSpec: {
            /**
             * @description A cron expression of five, six or seven fields, or @daily etc.
             * @example 30 2 * * 1-5
             */
            cron?: string;
            /**
             * @description A fixed interval, counted from when the job was stored.
             * @example 15m
             */
            every?: string;
            /**
             * Format: date-time
             * @description One instant.
             * @example 2030-01-01T00:00:00Z
             */
            at?: string;
            /**
             * @description Once, this long after the job was stored.
             * @example 10m
             */
            delay?: string;
            /**
             * @description The IANA time zone that cron fields are read in.
             * @default UTC
             * @example Europe/Berlin
             */
            timezone?: string;
            /**
             * @description What to do while an earlier run is not finished.
             * @default skip
             */
            overlap?: components["schemas"]["Overlap"];
            /**
             * @description What to do with fires missed during downtime.
             * @default run_once
             */
            misfire?: components["schemas"]["Misfire"];
            /** @description Missed fires older than this expire; left out: 1h for run_all, else no limit. */
            catch_up?: string;
            /**
             * @description Each fire moves later by up to this much.
             * @default 0s
             */
            jitter?: string;
            /** @description What to do when the time zone's clocks change. */
            dst?: components["schemas"]["DstPolicy"];
            /**
             * Format: date-time
             * @description No fire before this instant.
             */
            start?: string;
            /**
             * Format: date-time
             * @description No fire after this instant.
             */
            end?: string;
            /**
             * @description The calendar that leaves days or times out.
             * @default
             * @example business-days
             */
            calendar?: string;
            /**
             * @description Values for the runs that this schedule starts.
             * @default {}
             * @example {
             *       "region": "eu"
             *     }
             */
            params?: {
                [key: string]: unknown;
            };
            /**
             * Format: int64
             * @description The schedule ends after so many runs.
             */
            max_runs?: number;
        };
        /** @description A schedule of a job, in words. */
        ScheduleView: {
            /** @description Changes when the schedule itself changes. */
            id?: string;
            /**
             * @description When it fires, for a person.
             * @default
             */
            words?: string;
            /**
             * @description IANA name.
             * @default
             */
            timezone?: string;
            /**
             * Format: date-time
             * @description The next fire; absent when there is none.
             */
            next_at?: string;
        };
        /** @description A function of a script: exactly one of file, module and code. */
        ScriptSpec: {
            /**
             * @description A file of the worker's machine.
             * @default
             * @example /srv/jobs/report.py
             */
            file?: string;
            /**
             * @description A module that the interpreter can import.
             * @default
             */
            module?: string;
            /**
             * @description The source itself.
             * @default
             */
            code?: string;
            /**
             * @description The function to call, with the context.
             * @default run
             */
            function?: string;
            /**
             * @description The program; left out: python3 or node, as found in PATH.
             * @default
             */
            interpreter?: string;
            /**
             * @description requirements.txt or package-lock.json: the packages to install, once for all runs with the same file.
             * @default
             * @example /srv/jobs/requirements.txt
             */
            lock_file?: string;
            /**
             * Format: int32
             * @description Prepared processes that wait for the next run.
             * @default 0
             */
            warm?: number;
        };
        /** @description Where a secret value lies; exactly one of the two. */
        SecretRef: {
            /**
             * @description Its name in the worker's secret store.
             * @default
             */
            secret?: string;
            /**
             * @description A file of the worker's machine that holds it.
             * @default
             */
            file?: string;
        };
        /** @description Who is asking. */
        Session: {
            /**
             * @description Whose things it sees.
             * @default
             */
            tenant?: string;
            /**
             * @description Of the token or session.
             * @default
             */
            name?: string;
            /**
             * @description viewer, operator or admin.
             * @default
             */
            role?: string;
            /**
             * Format: int64
             * @description Of the last event: a stream that follows after it misses nothing since.
             * @default 0
             */
            position?: number;
            /** @description Of a browser session: send it as X-CSRF-Token with every change. */
            csrf_token?: string;
        };
        /** @description A setting of the node, and where its value came from. */
        Setting: {
            /**
             * @description As in the file; the reference has a line on each.
             * @default
             */
            name?: string;
            /** @description What the node goes by. */
            value?: unknown;
            /** @description What it would be if nobody had said anything. */
            default?: unknown;
            /**
             * @description `default`, a file, a variable or a flag.
             * @default
             */
            source?: string;
            /**
             * @description Whether a running node takes a new value on SIGHUP; else it restarts.
             * @default false
             */
            reloadable?: boolean;
            /**
             * @description What it is for.
             * @default
             */
            doc?: string;
        };
        /** @description Every setting of the node that answers. */
        SettingList: {
            /**
             * @description In the order of the reference.
             * @default []
             */
            items?: components["schemas"]["Setting"][];
        };
        /** @description What a shadow would have run, beside what another scheduler ran. */
        ShadowComparison: {
            /**
             * @description Its name.
             * @default
             */
            job?: string;
            /**
             * @description Its schedules in words.
             * @default []
             */
            schedules?: string[];
            /**
             * Format: date-time
             * @description Compared from here; later than asked for where there is more than one answer may look at.
             */
            from?: string;
            /**
             * Format: date-time
             * @description Up to here.
             */
            until?: string;
            /**
             * @description Nothing is missing and nothing extra.
             * @default false
             */
            agrees?: boolean;
            /**
             * @description The same in words.
             * @default
             */
            verdict?: string;
            /**
             * Format: int64
             * @description Fires in the ledger.
             * @default 0
             */
            predicted?: number;
            /**
             * Format: int64
             * @description Runs that were reported.
             * @default 0
             */
            real?: number;
            /**
             * Format: int64
             * @description Fires that have a real run.
             * @default 0
             */
            matched?: number;
            /**
             * Format: int64
             * @description Fires that have none.
             * @default 0
             */
            missing?: number;
            /**
             * Format: int64
             * @description Real runs that were not predicted.
             * @default 0
             */
            extra?: number;
            /**
             * Format: int64
             * @description Real runs with an exit code other than 0.
             * @default 0
             */
            failed?: number;
            /** @description How far a fire and its run lie apart, either way. */
            median_offset?: string;
            /** @description The most that they do. */
            largest_offset?: string;
            /**
             * @description The first few.
             * @default []
             */
            missing_examples?: components["schemas"]["ShadowExample"][];
            /**
             * @description The first few.
             * @default []
             */
            extra_examples?: components["schemas"]["ShadowExample"][];
        };
        /** @description Where a shadow and reality differ. */
        ShadowExample: {
            /**
             * Format: date-time
             * @description In UTC.
             */
            at?: string;
            /**
             * @description In the schedule's time zone.
             * @default
             */
            local?: string;
            /**
             * Format: int64
             * @description Fires from then on that one entry stands for.
             * @default 1
             */
            count?: number;
        };
        /** @description The jobs that shadow another scheduler, compared with it. */
        ShadowReport: {
            /**
             * @description How far a fire and its run may lie apart.
             * @default 1m
             */
            tolerance?: string;
            /**
             * @description By name.
             * @default []
             */
            items?: components["schemas"]["ShadowComparison"][];
            /** @description Give it as `cursor`; absent on the last page. */
            next_cursor?: string;
        };
        /** @description A link that signs a browser in, once. */
        SignInLink: {
            /**
             * @description Below this server's address.
             * @default
             */
            path?: string;
            /**
             * Format: date-time
             * @description Not valid after this.
             */
            expires_at?: string;
        };
        /** @description Over what the attempts of a job are spread. */
        Spread: {
            /** @description The key of a label; each value is one place. */
            label: string;
        };
        /**
         * @description What a transaction may see of others.
         *     - `read_committed`: What was committed before each statement.
         *     - `repeatable_read`: What was committed before it began.
         *     - `serializable`: As if it were alone.
         * @enum {string}
         */
        SqlIsolation: "read_committed" | "repeatable_read" | "serializable";
        /**
         * @description Where the rows of the last statement go.
         *     - `result`: Into the run's result, up to max_rows and max_bytes.
         *     - `log`: Into its log, a line of JSON each, as they come.
         * @enum {string}
         */
        SqlRows: "result" | "log";
        /** @description SQL on a database: exactly one of statement and script. */
        SqlSpec: {
            /** @description The connection to the database: of type postgres, mysql or sqlite. */
            connection: string;
            /**
             * @description One statement. Values stand in the database's own places: $1, $2 (PostgreSQL), ? (MySQL, SQLite).
             * @default
             * @example DELETE FROM sessions WHERE seen_at < $1
             */
            statement?: string;
            /**
             * @description Several statements, without places.
             * @default
             */
            script?: string;
            /**
             * @description The values of the places, in order.
             * @default []
             * @example [
             *       "${{ params.before }}"
             *     ]
             */
            bind?: unknown[];
            /**
             * @description What is done as one.
             * @default attempt
             */
            transaction?: components["schemas"]["SqlTransaction"];
            /** @description Left out: the database's usual one. */
            isolation?: components["schemas"]["SqlIsolation"];
            /**
             * @description Where the rows of the last statement go.
             * @default result
             */
            rows?: components["schemas"]["SqlRows"];
            /**
             * Format: int64
             * @description The most rows of a result.
             * @default 1000
             */
            max_rows?: number;
            /**
             * @description The largest result.
             * @example 512KiB
             */
            max_bytes?: string;
        };
        /**
         * @description What is done as one.
         *     - `none`: Each statement by itself, as VACUUM needs it.
         *     - `attempt`: All of it takes effect, or nothing.
         *     - `run`: All of it, and once for all attempts of a run: a marker is committed with it.
         * @enum {string}
         */
        SqlTransaction: "none" | "attempt" | "run";
        /** @description How a run is started. An empty body starts it now with default params. */
        SubmitBody: {
            /**
             * @description Checked against the job's params.
             * @default {}
             */
            params?: {
                [key: string]: unknown;
            };
            /**
             * Format: date-time
             * @description Start at this instant; one in the past means now.
             */
            at?: string;
            /** @description Start after this; not together with `at`. */
            delay?: string;
            /**
             * Format: int32
             * @description Instead of the job's.
             */
            priority?: number;
            /** @description Who asks: `manual` for a person, else `api`. */
            trigger?: components["schemas"]["Trigger"];
        };
        /** @description How long the parts of a run may take. A plain duration means `run`. */
        Timeout: {
            /** @description From the start of an attempt to its end. */
            run?: string;
            /** @description From due to started. */
            queue?: string;
            /** @description Without output or progress. */
            idle?: string;
            /**
             * @description Between asking a run to stop and killing it.
             * @default 10s
             */
            grace?: string;
        };
        /** @description How a connection is encrypted. Files are PEM, on the worker's machine. */
        Tls: {
            /**
             * @description How far the other side must prove who it is.
             * @default full
             */
            verify?: components["schemas"]["TlsVerify"];
            /**
             * @description Certificates to trust; left out: those of the system.
             * @default
             * @example /etc/ssl/private-ca.pem
             */
            ca?: string;
            /**
             * @description Our own, where the server asks for one.
             * @default
             */
            certificate?: string;
            /**
             * @description The private key of `certificate`.
             * @default
             */
            key?: string;
            /**
             * @description The name that the certificate must be for; left out: the host.
             * @default
             */
            server_name?: string;
        };
        /**
         * @description How far the other side must prove who it is.
         *     - `full`: A certificate that is trusted, for this host.
         *     - `ca`: A certificate that is trusted, for any host.
         *     - `none`: Any certificate: encrypted, but perhaps to the wrong one.
         * @enum {string}
         */
        TlsVerify: "full" | "ca" | "none";
        /** @description A token, without its secret. */
        Token: {
            /** @description Its id. */
            id?: string;
            /**
             * @description What it is for.
             * @default
             */
            name?: string;
            /**
             * @description viewer, operator or admin.
             * @default
             */
            role?: string;
            /**
             * Format: date-time
             * @description When it was made.
             */
            created_at?: string;
            /**
             * Format: date-time
             * @description It opens nothing from then on.
             */
            expires_at?: string;
            /**
             * @description Whether that time has come.
             * @default false
             */
            expired?: boolean;
        };
        /** @description A token to be made. */
        TokenBody: {
            /** @description What it is for; unique. */
            name: string;
            /**
             * @description What it may do.
             * @default viewer
             */
            role?: components["schemas"]["Role"];
            /**
             * Format: date-time
             * @description It opens nothing from then on.
             */
            expires_at?: string;
            /** @description The same, as a time from now. */
            for?: string;
        };
        /** @description Every token, by name, without its secret. */
        TokenList: {
            /**
             * @description The tokens.
             * @default []
             */
            items?: components["schemas"]["Token"][];
        };
        /** @description A new token. This is the only answer that has it. */
        TokenMade: {
            /**
             * @description What it is for.
             * @default
             */
            name?: string;
            /**
             * @description viewer, operator or admin.
             * @default
             */
            role?: string;
            /**
             * @description The secret: send it as `Authorization: Bearer`.
             * @default
             */
            token?: string;
            /**
             * Format: date-time
             * @description It opens nothing from then on.
             */
            expires_at?: string;
        };
        /** @description W3C Trace Context: the trace, and the span that is the parent. */
        TraceContext: {
            /** @description Version, trace, parent span, flags. */
            traceparent: string;
            /**
             * @description What tracing systems add.
             * @default
             */
            tracestate?: string;
        };
        /** @description How a worker's programs take part in traces. */
        TracePolicy: {
            /**
             * @description Whether spans are recorded.
             * @default false
             */
            on?: boolean;
            /**
             * @description Of the traces that begin here.
             * @default 1
             */
            ratio?: number;
        };
        /** @description The newer half of a job's successful runs against the older half. */
        Trend: {
            /** @description Where it goes. */
            direction: components["schemas"]["TrendDirection"];
            /** @description The median of the newer half by that of the older one. */
            ratio: number;
        };
        /**
         * @description Where the durations of a job are going.
         *     - `slower`: The newer runs take at least 1.25 times as long.
         *     - `faster`: The older runs took at least 1.25 times as long.
         *     - `steady`: Neither.
         * @enum {string}
         */
        TrendDirection: "slower" | "faster" | "steady";
        /**
         * @description Why a run exists.
         *     - `cron`: A cron schedule.
         *     - `every`: An interval schedule.
         *     - `at`: A schedule for one instant.
         *     - `delay`: A schedule for once, some time after the job was stored.
         *     - `event`: An event matched.
         *     - `webhook`: A call from outside.
         *     - `stream`: Records on a topic.
         *     - `manual`: A person asked.
         *     - `api`: A program asked.
         *     - `pipeline`: It is a step of a pipeline.
         *     - `backfill`: It makes up for a past occurrence.
         *     - `retry`: It repeats an earlier run.
         * @enum {string}
         */
        Trigger: "cron" | "every" | "at" | "delay" | "event" | "webhook" | "stream" | "manual" | "api" | "pipeline" | "backfill" | "retry";
        /** @description Which program this is. */
        Version: {
            /**
             * @description `mainspring`.
             * @default
             */
            name?: string;
            /**
             * @description Of the program.
             * @default
             */
            version?: string;
            /**
             * @description Of this API.
             * @default
             */
            api?: string;
        };
        /**
         * @description A day of the week.
         *     - `mon`: Monday.
         *     - `tue`: Tuesday.
         *     - `wed`: Wednesday.
         *     - `thu`: Thursday.
         *     - `fri`: Friday.
         *     - `sat`: Saturday.
         *     - `sun`: Sunday.
         * @enum {string}
         */
        Weekday: "mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun";
        /** @description The role of a node that executes runs. */
        Worker: {
            /** @description The worker's id. */
            id: string;
            /** @description The worker's name; its host's unless configured. */
            name: string;
            /** @description Whether it takes runs. */
            state: components["schemas"]["WorkerState"];
            /**
             * Format: int32
             * @description Runs that it can make at the same time.
             */
            slots: number;
            /**
             * Format: int32
             * @description Slots in use.
             */
            busy: number;
            /**
             * @description Words that placement can ask for.
             * @default {}
             */
            labels?: {
                [key: string]: string;
            };
            /**
             * @description The version of its program.
             * @default
             */
            version?: string;
            /**
             * Format: date-time
             * @description When it started.
             */
            started_at: string;
            /**
             * Format: date-time
             * @description When it was last heard of.
             */
            heartbeat_at: string;
            /** @description What its machine has for its runs. */
            resources?: components["schemas"]["WorkerResources"];
            /** @description What its runs take of that. */
            used?: components["schemas"]["WorkerResources"];
            /**
             * @description Whether it joined with a token, from anywhere.
             * @default false
             */
            remote?: boolean;
            /**
             * @description Whether nothing new is given to it.
             * @default false
             */
            cordoned?: boolean;
            /**
             * Format: date-time
             * @description What it still runs then is ended.
             */
            drain_until?: string;
        };
        /** @description The workers together. */
        WorkerCounts: {
            /**
             * Format: int64
             * @description Workers that take runs.
             */
            online: number;
            /**
             * Format: int64
             * @description What they have room for.
             */
            slots: number;
            /**
             * Format: int64
             * @description How much of it is taken.
             */
            busy: number;
        };
        /** @description What a node tells a worker before it starts. */
        WorkerHello: {
            /**
             * @description The version of the node's program.
             * @default
             */
            version?: string;
            /**
             * @description How long a lease lasts without renewal.
             * @default 10s
             */
            lease?: string;
            /**
             * @description How often leases are renewed.
             * @default 2s
             */
            heartbeat?: string;
            /**
             * Format: date-time
             * @description The node's clock.
             */
            now?: string;
            /** @description How programs take part in traces. */
            traces?: components["schemas"]["TracePolicy"];
        };
        /** @description The workers known to this cluster. */
        WorkerList: {
            /**
             * @description The workers.
             * @default []
             */
            items?: components["schemas"]["Worker"][];
        };
        /** @description What a worker's machine has for its runs; 0: nobody could tell. */
        WorkerResources: {
            /**
             * @description Cores that it may use.
             * @default 0
             */
            cpu?: number;
            /**
             * Format: int64
             * @description Memory, in bytes.
             * @default 0
             */
            memory_bytes?: number;
            /**
             * Format: int32
             * @description GPUs.
             * @default 0
             */
            gpus?: number;
            /**
             * Format: int64
             * @description Memory of the GPU that has the least, in bytes.
             * @default 0
             */
            gpu_memory_bytes?: number;
            /**
             * @description The GPUs' names, one for each.
             * @default []
             */
            gpu_names?: string[];
        };
        /** @description A life of a worker's process begins. */
        WorkerStartBody: {
            /** @description What it is called. */
            name: string;
            /**
             * Format: int32
             * @description Runs that it can make at the same time.
             */
            slots: number;
            /**
             * @description Words that placement can ask for.
             * @default {}
             */
            labels?: {
                [key: string]: string;
            };
            /**
             * @description The version of its program.
             * @default
             */
            version?: string;
            /** @description What its machine has; from version 2 on. */
            resources?: components["schemas"]["WorkerResources"];
        };
        /** @description What the worker is, by its join token and by what it said. */
        WorkerStarted: {
            /**
             * Format: int32
             * @description Runs that it may make at the same time.
             * @default 1
             */
            slots?: number;
            /**
             * @description Words that placement can ask for.
             * @default {}
             */
            labels?: {
                [key: string]: string;
            };
        };
        /**
         * @description Whether a worker takes runs.
         *     - `online`: It takes runs.
         *     - `draining`: It finishes what it has and takes no more.
         *     - `offline`: It is gone.
         * @enum {string}
         */
        WorkerState: "online" | "draining" | "offline";
        /** @description RFC 9457 problem details. */
        Problem: {
            type: string;
            title: string;
            status: number;
            /** @description One of the error codes. */
            code: string;
            /** @description What, which, what to do. */
            detail: string;
            request_id?: string;
            errors?: {
                /** @description RFC 6901. */
                pointer?: string;
                line?: number;
                column?: number;
                message?: string;
                suggestion?: string;
            }[];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    get_overview: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What fails, what fires next, how much runs and waits, and how well the node is. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Overview"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_agenda: {
        parameters: {
            query?: {
                /** @description At or after this instant; now when absent. */
                from?: string;
                /** @description Before this instant, at most 31 days later; 24 hours later when absent. */
                until?: string;
                /** @description Fires that are listed, 0 to 500; 100 when absent. */
                limit?: number;
                /** @description Where to go on: next_cursor of the page before. */
                cursor?: string;
                /** @description true: without the hours, which take longer. */
                fires_only?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What fires when, of every job: the first fires of a range, and how many in each of its hours. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Agenda"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_settings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every setting of the node, and where its value came from. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingList"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    apply_manifest: {
        parameters: {
            query?: {
                /** @description Answer with the plan and change nothing. */
                dry_run?: boolean;
                /** @description Delete the jobs with these labels that the manifest does not hold. */
                prune?: string;
            };
            header?: {
                /** @description The same key and body get the same answer for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/yaml": components["schemas"]["JobSpec"];
            };
        };
        responses: {
            /** @description Create or update everything that a manifest defines, all of it or nothing. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApplyResult"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `not_found`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `too_large`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `idempotency_mismatch` `unsupported`. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    export_manifest: {
        parameters: {
            query?: {
                /** @description Items on a page, 1 to 500; 50 when absent. */
                limit?: number;
                /** @description next_cursor of the page before. */
                cursor?: string;
                /** @description Of jobs with these labels, such as team=platform,tier!=test. */
                label?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Stored definitions as a manifest; the first page has what jobs name. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExportPage"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_manifest_schema: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The JSON Schema (2020-12) of a document of a manifest, for editors. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/schema+json": string;
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_jobs: {
        parameters: {
            query?: {
                /** @description Items on a page, 1 to 500; 25 when absent. */
                limit?: number;
                /** @description next_cursor of the page before. */
                cursor?: string;
                /** @description What each job comes with, separated by commas: spec, next (fires), recent (the last 14 runs), stats; spec,next when absent. */
                include?: string;
                /** @description Names that begin so. */
                prefix?: string;
                /** @description Names that contain this, in any case. */
                text?: string;
                /** @description Of this type. */
                type?: string;
                /** @description Whose newest run that has ended did so in one of these states; commas. */
                last_state?: string;
                /** @description Of jobs with these labels, such as team=platform,tier!=test. */
                label?: string;
                /** @description Only paused jobs, or only jobs that are not. */
                paused?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Jobs by name. A page holds about 96 KiB at most, and is shorter then. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobList"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_job: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and body get the same answer for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["JobSpec"];
            };
        };
        responses: {
            /** @description Create a job whose name is not taken. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `conflict`. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `idempotency_mismatch` `unsupported`. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_job: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The job's name or id. */
                job: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One job, by name or id. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `not_found`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    replace_job: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The job's name or id. */
                job: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["JobSpec"];
            };
        };
        responses: {
            /** @description Store a job's definition; If-Match makes it conditional on a version. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `precondition_failed`. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unsupported`. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_job: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The job's name or id. */
                job: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Delete a job; its history stays, its running runs go on. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `not_found`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `precondition_failed`. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_job_stats: {
        parameters: {
            query?: {
                /** @description Finished runs that are looked at, 1 to 500 (200). */
                runs?: number;
            };
            header?: never;
            path: {
                /** @description The job's name or id. */
                job: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How its last runs ended, how long they took and waited, and the trend. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobStats"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `not_found`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_job_durations: {
        parameters: {
            query?: {
                /** @description Finished runs at most, 1 to 500; 500 when absent. */
                runs?: number;
            };
            header?: never;
            path: {
                /** @description The job's name or id. */
                job: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How long its last runs took and waited, one by one, for a chart. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DurationChart"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `not_found`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_job_endings: {
        parameters: {
            query?: {
                /** @description At or after this instant; 90 days before when absent. */
                from?: string;
                /** @description Before this instant; now when absent. */
                until?: string;
                /** @description Whose days; that of its first schedule when absent, else UTC. */
                timezone?: string;
            };
            header?: never;
            path: {
                /** @description The job's name or id. */
                job: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What became of its occurrences, counted by the day. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndingCalendar"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `not_found`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_job_versions: {
        parameters: {
            query?: {
                /** @description Items on a page, 1 to 500; 50 when absent. */
                limit?: number;
                /** @description next_cursor of the page before. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The job's name or id. */
                job: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The versions of a job, newest first: who stored them, when, and what changed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobVersionList"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `not_found`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_job_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The job's name or id. */
                job: string;
                /** @description The number of the version. */
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One version of a job, with its definition. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobVersion"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `not_found`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    diff_job: {
        parameters: {
            query?: {
                /** @description A version; the one before `to` when absent. */
                from?: number;
                /** @description A version; the newest one when absent. */
                to?: number;
            };
            header?: never;
            path: {
                /** @description The job's name or id. */
                job: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How two versions of a job differ. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobDiff"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `not_found`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revert_job: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and body get the same answer for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The job's name or id. */
                job: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RevertBody"];
            };
        };
        responses: {
            /** @description Store an old version again, as the newest; If-Match makes it conditional. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `not_found`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `precondition_failed`. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unsupported`. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pause_job: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and body get the same answer for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The job's name or id. */
                job: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PauseBody"];
            };
        };
        responses: {
            /** @description Stop its schedules from starting runs. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `not_found`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resume_job: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and body get the same answer for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The job's name or id. */
                job: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ResumeBody"];
            };
        };
        responses: {
            /** @description Let its schedules start runs again, from now on. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `not_found`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    next_fires: {
        parameters: {
            query?: {
                /** @description How many, 1 to 500; 10 when absent. */
                limit?: number;
                /** @description After this instant; now when absent. */
                from?: string;
            };
            header?: never;
            path: {
                /** @description The job's name or id. */
                job: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The next fires of a job's schedules. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FireList"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `not_found`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_job_occurrences: {
        parameters: {
            query?: {
                /** @description Items on a page, 1 to 500; 50 when absent. */
                limit?: number;
                /** @description next_cursor of the page before. */
                cursor?: string;
                /** @description At or after this instant. */
                from?: string;
                /** @description Before this instant. */
                until?: string;
                /** @description Only this ending, such as skipped_overlap. */
                ending?: string;
                /** @description Of jobs with these labels, such as team=platform,tier!=test. */
                label?: string;
            };
            header?: never;
            path: {
                /** @description The job's name or id. */
                job: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One job's part of the occurrence ledger. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OccurrenceList"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `not_found`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    explain_occurrence: {
        parameters: {
            query?: {
                /** @description RFC 3339, or local time in the schedule's zone such as 2026-03-29T02:30; absent: of the job as it stands. */
                at?: string;
            };
            header?: never;
            path: {
                /** @description The job's name or id. */
                job: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Why the job did or did not run at an instant; or its next fire and newest run. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Explanation"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `not_found`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    preview_schedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and body get the same answer for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["SchedulePreviewBody"];
            };
        };
        responses: {
            /** @description What a schedule would do: in words, its next fires, the next clock changes. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SchedulePreview"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `not_found`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_occurrences: {
        parameters: {
            query?: {
                /** @description Items on a page, 1 to 500; 50 when absent. */
                limit?: number;
                /** @description next_cursor of the page before. */
                cursor?: string;
                /** @description At or after this instant. */
                from?: string;
                /** @description Before this instant. */
                until?: string;
                /** @description Only this ending, such as skipped_overlap. */
                ending?: string;
                /** @description Of jobs with these labels, such as team=platform,tier!=test. */
                label?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The occurrence ledger of every job, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OccurrenceList"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_calendars: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Calendars by name, without their days. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CalendarList"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_calendar: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The calendar's name. */
                calendar: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One calendar. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CalendarSpec"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `not_found`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_calendar: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The calendar's name. */
                calendar: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["CalendarSpec"];
            };
        };
        responses: {
            /** @description Store a calendar; schedules that use it are planned anew. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CalendarSpec"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `too_large`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_calendar: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The calendar's name. */
                calendar: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Delete a calendar that no schedule names. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `not_found`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `conflict`. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    import_calendar: {
        parameters: {
            query?: {
                /** @description exclude or only; as it is, or exclude, when absent. */
                mode?: string;
                /** @description The first day to look at; this year's when absent. */
                from?: string;
                /** @description The last day; five years' last when absent. */
                until?: string;
                /** @description The calendar's zone; as it is when absent. */
                timezone?: string;
                /** @description Add to the days and times that are there. */
                keep?: boolean;
            };
            header?: {
                /** @description The same key and body get the same answer for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The calendar's name. */
                calendar: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "text/calendar": string;
            };
        };
        responses: {
            /** @description Make the events of an iCalendar file the days and times of a calendar. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportedCalendar"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `too_large`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_calendar_days: {
        parameters: {
            query?: {
                /** @description The first day; today when absent. */
                from?: string;
                /** @description The last day; a year later when absent. */
                until?: string;
            };
            header?: never;
            path: {
                /** @description The calendar's name. */
                calendar: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What a calendar leaves out, day by day. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CalendarDayList"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `not_found`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_connections: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Connections by name. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectionList"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_connection: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The connection's name. */
                connection: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One connection, as its manifest. It names its secrets and holds none. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectionSpec"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `not_found`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_connection: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The connection's name. */
                connection: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ConnectionSpec"];
            };
        };
        responses: {
            /** @description Store a connection; attempts that start from now on get it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectionSpec"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `too_large`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_connection: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The connection's name. */
                connection: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Delete a connection that no job names. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `not_found`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `conflict`. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    test_connection: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The connection's name. */
                connection: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Try a connection out from the node that answers, ten seconds at most. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectionReport"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `not_found`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unsupported`. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    submit_run: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and body get the same answer for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The job's name or id. */
                job: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["SubmitBody"];
            };
        };
        responses: {
            /** @description Start a run. `Prefer: wait=30` answers when it has ended, at the latest then. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunSummary"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `not_found`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `idempotency_mismatch`. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_runs: {
        parameters: {
            query?: {
                /** @description Items on a page, 1 to 500; 50 when absent. */
                limit?: number;
                /** @description next_cursor of the page before. */
                cursor?: string;
                /** @description All of the below as one text, such as state:failed job:etl-* since:2h; see the reference, run-query. Instead of them. */
                q?: string;
                /** @description Of this job, by name or id. */
                job?: string;
                /** @description One or more states, separated by commas. */
                state?: string;
                /** @description Started by one of these triggers, separated by commas. */
                trigger?: string;
                /** @description Of this queue. */
                queue?: string;
                /** @description Made by this backfill or bulk re-run. */
                operation?: string;
                /** @description Of jobs with these labels, such as team=platform,tier!=test. */
                label?: string;
                /** @description Created at or after this instant. */
                from?: string;
                /** @description Created before this instant. */
                until?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Runs, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunList"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_run: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The run's id. */
                run: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One run. `Prefer: wait=30` answers when it has ended, at the latest then. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Run"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `not_found`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_attempts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The run's id. */
                run: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The attempts of a run. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AttemptList"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `not_found`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    explain_run: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The run's id. */
                run: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Why the run is in its state. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Explanation"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `not_found`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancel_run: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and body get the same answer for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The run's id. */
                run: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["CancelBody"];
            };
        };
        responses: {
            /** @description End a run: at once when it has not started, else by asking, then killing. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CancelResult"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `not_found`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `conflict`. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    extend_run: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and body get the same answer for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The run's id. */
                run: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ExtendBody"];
            };
        };
        responses: {
            /** @description Give a run more time, while it waits or while it runs. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Run"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `not_found`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `conflict`. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rerun_run: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and body get the same answer for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The run's id. */
                run: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RerunBody"];
            };
        };
        responses: {
            /** @description Run a finished run again, with the same definition and input or edited. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunSummary"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `not_found`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `conflict`. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `idempotency_mismatch`. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_operations: {
        parameters: {
            query?: {
                /** @description Items on a page, 1 to 500; 50 when absent. */
                limit?: number;
                /** @description next_cursor of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Operations, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperationList"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    start_operation: {
        parameters: {
            query?: {
                /** @description Answer how many it would find, and do nothing. */
                dry_run?: boolean;
            };
            header?: {
                /** @description The same key and body get the same answer for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["OperationBody"];
            };
        };
        responses: {
            /** @description Cancel, re-run or delete many runs, or make up for past fires, bit by bit. `Prefer: wait=30` answers when it has ended, at the latest then. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"] | components["schemas"]["OperationPreview"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `not_found`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `idempotency_mismatch`. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_operation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The operation's id. */
                operation: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How far an operation has come. `Prefer: wait=30` answers when it has ended, at the latest then. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `not_found`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancel_operation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The operation's id. */
                operation: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Stop an operation: what is done stays, waiting runs of a backfill end. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `not_found`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `conflict`. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_log: {
        parameters: {
            query?: {
                /** @description next_cursor of the page before. */
                cursor?: string;
                /** @description Only this attempt. */
                attempt?: number;
                /** @description At most about this much; 1 MiB when absent. */
                limit_bytes?: number;
            };
            header?: never;
            path: {
                /** @description The run's id. */
                run: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The log as chunks. `Prefer: wait=30` waits for more when there is none yet. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogPage"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `not_found`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_log_attempts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The run's id. */
                run: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The attempts that have written a log, and how many lines each has. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogAttemptList"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `not_found`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_log_lines: {
        parameters: {
            query?: {
                /** @description Of this attempt; the last one with a log when absent. */
                attempt?: number;
                /** @description The number of the first line; 1 when absent. */
                from?: number;
                /** @description Instead: so many lines at the end, 1 to 500. */
                last?: number;
                /** @description Items on a page, 1 to 500; 50 when absent. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The run's id. */
                run: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Lines of an attempt's log by number, or the last ones; 96 KB at most. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogLineList"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `not_found`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_log_line: {
        parameters: {
            query?: {
                /** @description Of this attempt; the last one with a log when absent. */
                attempt?: number;
                /** @description The byte of the line to begin with; 0 when absent. */
                offset?: number;
            };
            header?: never;
            path: {
                /** @description The run's id. */
                run: string;
                /** @description The number of the line. */
                line: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One line, however long, in parts of 64 KiB at most. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogLinePiece"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `not_found`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    search_log: {
        parameters: {
            query?: {
                /** @description What a line must hold; escape sequences do not count. */
                q?: string;
                /** @description Take `q` for a regular expression, in the syntax of RE2. */
                regex?: boolean;
                /** @description Take A for a. */
                ignore_case?: boolean;
                /** @description Only lines of stdout, stderr or system. */
                stream?: string;
                /** @description Only this attempt. */
                attempt?: number;
                /** @description So many lines before and after each match too, 0 to 50. */
                context?: number;
                /** @description The first line to look at; needs `attempt`. */
                from?: number;
                /** @description The last line to look at; needs `attempt`. */
                to?: number;
                /** @description From the end to the beginning. */
                backward?: boolean;
                /** @description At most so many, 50 when absent; 0: only count. */
                limit?: number;
                /** @description next_cursor of the page before. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The run's id. */
                run: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Lines of the log that match, with lines around them; 96 KB at most. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogMatchList"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `not_found`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    download_log: {
        parameters: {
            query?: {
                /** @description What a line must hold; escape sequences do not count. */
                q?: string;
                /** @description Take `q` for a regular expression, in the syntax of RE2. */
                regex?: boolean;
                /** @description Take A for a. */
                ignore_case?: boolean;
                /** @description Only lines of stdout, stderr or system. */
                stream?: string;
                /** @description Only this attempt. */
                attempt?: number;
                /** @description So many lines before and after each match too, 0 to 50. */
                context?: number;
                /** @description Begin each line with its time. */
                timestamps?: boolean;
            };
            header?: never;
            path: {
                /** @description The run's id. */
                run: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The log as the bytes that were written, or those of its lines that match. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `not_found`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_queues: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The queues, by name: limits, pause, what waits and runs. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueueList"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_queue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The queue's name. */
                queue: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One queue. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Queue"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `not_found`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_queue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The queue's name. */
                queue: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["QueueBody"];
            };
        };
        responses: {
            /** @description Set the limits of a queue. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Queue"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_queue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The queue's name. */
                queue: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Forget its limits and its pause; its runs stay. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `not_found`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pause_queue: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and body get the same answer for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The queue's name. */
                queue: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PauseBody"];
            };
        };
        responses: {
            /** @description Start nothing from it; what runs goes on, what comes waits. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Queue"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resume_queue: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and body get the same answer for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The queue's name. */
                queue: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ResumeBody"];
            };
        };
        responses: {
            /** @description Start runs from it again. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Queue"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `not_found`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_pings: {
        parameters: {
            query?: {
                /** @description Items on a page, 1 to 500; 50 when absent. */
                limit?: number;
                /** @description next_cursor of the page before. */
                cursor?: string;
                /** @description Started at or after this instant; 7 days ago when absent. */
                from?: string;
                /** @description Started before this instant. */
                until?: string;
            };
            header?: never;
            path: {
                /** @description The job's name or id. */
                job: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The real runs that were reported for a job, oldest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PingList"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `not_found`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    record_ping: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and body get the same answer for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The job's name or id. */
                job: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PingBody"];
            };
        };
        responses: {
            /** @description Report a real run by another scheduler; the same start and host replace it. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ping"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `not_found`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `idempotency_mismatch`. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_shadow_report: {
        parameters: {
            query?: {
                /** @description Items on a page, 1 to 500; 50 when absent. */
                limit?: number;
                /** @description next_cursor of the page before. */
                cursor?: string;
                /** @description Compare from this instant; 7 days ago when absent. */
                from?: string;
                /** @description Up to this instant; now when absent. */
                until?: string;
                /** @description Only this job, by name or id. */
                job?: string;
                /** @description Of jobs with these labels, such as team=platform,tier!=test. */
                label?: string;
                /** @description How far a fire and its run may lie apart, 1s to 1h; 60s when absent. */
                tolerance?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What the jobs that shadow would have run, beside what was really run. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ShadowReport"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `not_found`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `conflict`. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    promote_job: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The job's name or id. */
                job: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Let a job that shadows really fire, from its next fire on; If-Match makes it conditional. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `not_found`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `conflict`. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `precondition_failed`. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unsupported`. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_backups: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The backups in the node's directory, and the last restore that was proven. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BackupList"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unsupported`. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    start_backup: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Begin a backup into the node's directory. It is verified after it was made; GET /api/v1/backups and the events backup.* say how it went. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Backup"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `conflict`. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unsupported`. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_events: {
        parameters: {
            query?: {
                /** @description Items on a page, 1 to 500; 50 when absent. */
                limit?: number;
                /** @description Events behind this position; before it, newest first. */
                cursor?: string;
                /** @description asc (oldest first, as without it) or desc (newest first). */
                order?: string;
                /** @description A type, or its beginning such as run. */
                type?: string;
                /** @description About this run or job id. */
                subject?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events, oldest first, or newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventList"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    open_stream: {
        parameters: {
            query?: {
                /** @description runs, jobs, workers, events, run:ID, log:ID; commas. */
                topics?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Live updates as server-sent events; resumes after Last-Event-ID. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_nodes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The nodes that share the store: their roles, their clocks, how they are. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NodeList"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_node: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The node's name or id. */
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Forget a node that is offline or lost; after a week it goes by itself. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `not_found`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `conflict`. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_workers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Workers, their slots, what their machines have, and their state. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkerList"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_worker: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The worker's name or id. */
                worker: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One worker. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Worker"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `not_found`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `conflict`. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    remove_worker: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The worker's name or id. */
                worker: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Forget a worker and revoke its credential; a node's own only once it is offline. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `not_found`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `conflict`. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cordon_worker: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The worker's name or id. */
                worker: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Give it nothing new; what it has goes on. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Worker"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `not_found`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `conflict`. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    uncordon_worker: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The worker's name or id. */
                worker: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Give it runs again. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Worker"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `not_found`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `conflict`. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    drain_worker: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and body get the same answer for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The worker's name or id. */
                worker: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["DrainBody"];
            };
        };
        responses: {
            /** @description Give it nothing new, and end what it still runs at the deadline; that is tried again elsewhere. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Worker"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `not_found`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `conflict`. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_join_tokens: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tokens with which workers join, without their secrets. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JoinTokenList"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_join_token: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and body get the same answer for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["JoinTokenBody"];
            };
        };
        responses: {
            /** @description Make a token with which workers join; this answer alone has its secret. Takes no Idempotency-Key. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JoinTokenMade"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `conflict`. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_join_token: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The join token's id. */
                join_token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Revoke a join token; who has joined with it stays. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `not_found`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Who is asking. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Exchange a token for a browser session cookie. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Sign this browser out. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_sign_in_link: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Make a link that signs a browser in, once. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInLink"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_tokens: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tokens, by name, without their secrets. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenList"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_token: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and body get the same answer for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["TokenBody"];
            };
        };
        responses: {
            /** @description Make a token; this answer alone has its secret. Takes no Idempotency-Key. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenMade"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `conflict`. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_token: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The token's name. */
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Revoke a token, and the browser sessions that were opened with it. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `not_found`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `conflict`. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    join_worker: {
        parameters: {
            query?: never;
            header: {
                /** @description The version of the worker protocol that the request is in. */
                "Mainspring-Worker-Protocol": number;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["JoinBody"];
            };
        };
        responses: {
            /** @description A worker exchanges a join token, its bearer token, for a credential. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JoinReply"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `conflict`. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unsupported`. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    say_hello: {
        parameters: {
            query?: never;
            header: {
                /** @description The version of the worker protocol that the request is in. */
                "Mainspring-Worker-Protocol": number;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A worker asks how the node keeps leases. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkerHello"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unsupported`. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    start_worker: {
        parameters: {
            query?: never;
            header: {
                /** @description The version of the worker protocol that the request is in. */
                "Mainspring-Worker-Protocol": number;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["WorkerStartBody"];
            };
        };
        responses: {
            /** @description A life of a worker's process begins; what an earlier one held is lost. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkerStarted"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unsupported`. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    claim_runs: {
        parameters: {
            query?: never;
            header: {
                /** @description The version of the worker protocol that the request is in. */
                "Mainspring-Worker-Protocol": number;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ClaimBody"];
            };
        };
        responses: {
            /** @description A worker takes runs, and hears again of those it holds. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClaimReply"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unsupported`. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    renew_leases: {
        parameters: {
            query?: never;
            header: {
                /** @description The version of the worker protocol that the request is in. */
                "Mainspring-Worker-Protocol": number;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["HeartbeatBody"];
            };
        };
        responses: {
            /** @description A worker renews its leases and hears of cancels, extensions and orders. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HeartbeatReply"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unsupported`. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    wait_for_notices: {
        parameters: {
            query?: never;
            header: {
                /** @description The version of the worker protocol that the request is in. */
                "Mainspring-Worker-Protocol": number;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["NoticeBody"];
            };
        };
        responses: {
            /** @description A worker waits until there is something for it to do, 25 s at most. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NoticeReply"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unsupported`. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    take_reports: {
        parameters: {
            query?: never;
            header: {
                /** @description The version of the worker protocol that the request is in. */
                "Mainspring-Worker-Protocol": number;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ReportBody"];
            };
        };
        responses: {
            /** @description A worker's attempts say what they print, how far they are and how they end. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReportReply"];
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unsupported`. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    leave_worker: {
        parameters: {
            query?: never;
            header: {
                /** @description The version of the worker protocol that the request is in. */
                "Mainspring-Worker-Protocol": number;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["LeaveBody"];
            };
        };
        responses: {
            /** @description A worker takes nothing more, or is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unsupported`. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_openapi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description This document. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string;
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The process is alive. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    get_readiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The node can read and write its store. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `storage_full`. */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_version: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Which program this is. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Version"];
                };
            };
        };
    };
    get_metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What the node counts, for Prometheus. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description Code `invalid_argument`. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `permission_denied`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `overloaded`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Code `unavailable`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sign_in: {
        parameters: {
            query?: {
                /** @description From the link. */
                code?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Where a sign-in link leads: sets the session cookie. */
            303: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description Code `unauthenticated`. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_root: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The web UI; a browser gets it under each of its paths. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
        };
    };
    get_asset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of the file. */
                asset: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A script, style sheet or picture of the web UI. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description Code `not_found`. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
