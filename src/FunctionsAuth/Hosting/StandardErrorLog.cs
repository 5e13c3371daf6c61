using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Hosting;

/// <summary>
/// Writes to stderr what is logged while no invocation is executing. The Functions host drops such lines when the worker sends them
/// to it, but it reads stderr, and logs each line of it.
/// </summary>
internal sealed class StandardErrorLog : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new Logger(categoryName);

    public void Dispose()
    {
        // Nothing is kept.
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
            // The host makes an entry of each line, so that one event is one line.
            Console.Error.WriteLine(string.Join(' ', text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)));
        }

        /// <summary>The host takes a line for a warning if "warn" is in it, and for an error if "fail" is.</summary>
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
    /// Everything that the server itself would log, and warnings of what it is made of. Application Insights gets every line from the
    /// worker itself, and would get those on stderr from the host once more.
    /// </summary>
    public static ILoggingBuilder AddBackgroundLog(this ILoggingBuilder logging) => ApplicationInsights.IsOn ? logging : logging
        .AddProvider(new StandardErrorLog())
        .AddFilter<StandardErrorLog>(null, LogLevel.Warning)
        .AddFilter<StandardErrorLog>(nameof(FunctionsAuth), LogLevel.Information)
        // Why an invocation failed is logged after it has ended here, but before it has for the host.
        .AddFilter<StandardErrorLog>("Microsoft.Azure.Functions.Worker.FunctionsApplication", LogLevel.None);
}
