using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Hosting;

/// <summary>
/// Writes log lines to stderr while no invocation is executing. The Functions host drops such lines if the worker sends them to the host, but it reads stderr
/// and logs each line.
/// </summary>
internal sealed class StandardErrorLog : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new Logger(categoryName);

    public void Dispose()
    {
        // There is nothing to dispose.
    }

    private sealed class Logger(string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None && !Invocation.IsExecuting;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
                return;
            var text = $"{Name(logLevel)}: {category}[{eventId.Id}] {formatter(state, exception)}{(exception is null ? "" : $" {exception}")}";
            // The host logs each line as an entry, so an event must be written as one line.
            Console.Error.WriteLine(string.Join(' ', text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)));
        }

        /// <summary>The host treats a line as a warning if it contains "warn", and as an error if it contains "fail".</summary>
        private static string Name(LogLevel level) => level switch
        {
            >= LogLevel.Error => "fail",
            LogLevel.Warning => "warn",
            _ => "info",
        };
    }
}

internal static class BackgroundLogging
{
    /// <summary>
    /// Logs all lines of the server itself, and warnings of its libraries. With Application Insights this is off: the worker sends each line there itself,
    /// and the host would send the lines on stderr a second time.
    /// </summary>
    public static ILoggingBuilder AddBackgroundLog(this ILoggingBuilder logging) => ApplicationInsights.IsOn ? logging : logging
        .AddProvider(new StandardErrorLog())
        .AddFilter<StandardErrorLog>(null, LogLevel.Warning)
        .AddFilter<StandardErrorLog>(nameof(FunctionsAuth), LogLevel.Information)
        // A failed invocation is logged when it has ended in the worker, but not yet for the host. The host would log it, too.
        .AddFilter<StandardErrorLog>("Microsoft.Azure.Functions.Worker.FunctionsApplication", LogLevel.None);
}
