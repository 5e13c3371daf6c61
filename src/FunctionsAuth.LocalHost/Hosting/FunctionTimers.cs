using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NCrontab;

namespace FunctionsAuth.LocalHost.Hosting;

/// <summary>Runs the timer functions on their schedules like the Functions host, with the same cron library.</summary>
internal sealed partial class FunctionTimers(Assembly functions, IServiceProvider services, TimeProvider clock, ILogger<FunctionTimers> log) : BackgroundService
{
    private static readonly TimeSpan BeforeSchedules = TimeSpan.FromSeconds(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(FunctionCatalog.Find<TimerTriggerAttribute>(functions).Select(timer => RunAsync(timer, stoppingToken)));

    private async Task RunAsync(Function<TimerTriggerAttribute> timer, CancellationToken stopping)
    {
        var last = clock.GetUtcNow();
        // A server that starts has more urgent work than to read schedules.
        await Task.Delay(BeforeSchedules, clock, stopping);
        var schedule = CrontabSchedule.Parse(timer.Trigger.Schedule, new CrontabSchedule.ParseOptions { IncludingSeconds = true });
        while (!stopping.IsCancellationRequested)
        {
            var wait = schedule.GetNextOccurrence(last.UtcDateTime) - clock.GetUtcNow().UtcDateTime;
            if (wait > TimeSpan.Zero)
                await Task.Delay(wait, clock, stopping);
            try
            {
                var instance = ActivatorUtilities.CreateInstance(services, timer.Method.DeclaringType!);
                await (Task)timer.Method.Invoke(instance, [new TimerInfo(), stopping])!;
            }
            catch (Exception e) when (!stopping.IsCancellationRequested)
            {
                // The host logs a failure, and runs the function again at its next time.
                LogFailed(timer.Name, e);
            }
            last = clock.GetUtcNow();
        }
    }

    [LoggerMessage(5001, LogLevel.Error, "The timer function {Name} failed")]
    private partial void LogFailed(string name, Exception exception);
}
