namespace Microsoft.Azure.Functions.Worker;

/// <summary>What the host tells a timer function.</summary>
public class TimerInfo
{
    /// <summary>Null when the host doesn't monitor the schedule.</summary>
    public ScheduleStatus? ScheduleStatus { get; set; }

    public bool IsPastDue { get; set; }
}

public class ScheduleStatus
{
    public DateTime Last { get; set; }

    public DateTime Next { get; set; }

    public DateTime LastUpdated { get; set; }
}
