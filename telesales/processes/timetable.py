"""What happens by the clock. One leader enqueues these as RQ jobs; the jobs are safe to run twice."""

from telesales.dialing.timetable import Every

TIMETABLE = (
    Every("telesales.dialing.jobs.settle_forgotten_calls", "settle", seconds=30),
    Every("telesales.supervision.jobs.end_forgotten_listening", "settle", seconds=5),
    Every("telesales.dialing.jobs.forget_old_decisions", "report", seconds=3_600),
    Every("telesales.recordings.jobs.keep_spooled_recordings", "report", seconds=15),
    Every("telesales.recordings.jobs.forget_old_recordings", "report", seconds=3_600),
    Every("telesales.messages.jobs.bring_messages", "settle", seconds=15),
    Every("telesales.leads.jobs.resume_interrupted_imports", "settle", seconds=5),
    Every("telesales.whatif.jobs.resume_interrupted_what_ifs", "settle", seconds=10),
    Every("telesales.standings.jobs.close_days", "report", seconds=300),
    Every("telesales.demo.jobs.refill_demo", "report", seconds=30),
    Every("telesales.demo.recorded.record_demo_calls", "report", seconds=30),
    Every("telesales.agents.jobs.forget_old_sign_ins", "report", seconds=3_600),
)
