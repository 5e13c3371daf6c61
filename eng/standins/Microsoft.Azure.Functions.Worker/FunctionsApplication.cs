using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.Builder
{
    public class FunctionsApplication
    {
        public static FunctionsApplicationBuilder CreateBuilder(string[] args) => new(args);
    }

    /// <summary>Composes a worker. What it builds has the services, and refuses to run.</summary>
    public class FunctionsApplicationBuilder : IHostApplicationBuilder, IFunctionsWorkerApplicationBuilder
    {
        private readonly HostApplicationBuilder inner;

        internal FunctionsApplicationBuilder(string[] args) => inner = Host.CreateApplicationBuilder(args);

        public IServiceCollection Services => inner.Services;

        public ConfigurationManager Configuration => inner.Configuration;

        public ILoggingBuilder Logging => inner.Logging;

        public IMetricsBuilder Metrics => inner.Metrics;

        public IHostEnvironment Environment => inner.Environment;

        public IDictionary<object, object> Properties => ((IHostApplicationBuilder)inner).Properties;

        IConfigurationManager IHostApplicationBuilder.Configuration => inner.Configuration;

        public void ConfigureContainer<TContainerBuilder>(
            IServiceProviderFactory<TContainerBuilder> factory, Action<TContainerBuilder>? configure = null)
            where TContainerBuilder : notnull => inner.ConfigureContainer(factory, configure);

        public IFunctionsWorkerApplicationBuilder Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware) => this;

        public IHost Build() => new HostThatCannotServe(inner.Build());
    }

    public static class FunctionsApplicationBuilderAspNetCoreExtensions
    {
        public static FunctionsApplicationBuilder ConfigureFunctionsWebApplication(this FunctionsApplicationBuilder builder)
        {
            builder.Services.AddHttpContextAccessor();
            return builder;
        }
    }

    internal sealed class HostThatCannotServe(IHost inner) : IHost
    {
        public IServiceProvider Services => inner.Services;

        public Task StartAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException(
            "This build holds the stand-in of Microsoft.Azure.Functions.Worker, which can't serve under the Functions host. " +
            "LocalHost serves the same functions: `dotnet dev.cs run`.");

        public Task StopAsync(CancellationToken cancellationToken = default) => inner.StopAsync(cancellationToken);

        public void Dispose() => inner.Dispose();
    }
}

namespace Microsoft.Azure.Functions.Worker
{
    public static class FunctionContextExtensions
    {
        /// <summary>The request of an HTTP invocation; null for other triggers.</summary>
        public static HttpContext? GetHttpContext(this FunctionContext context) =>
            context.Items.TryGetValue("HttpRequestContext", out var http) ? http as HttpContext : null;
    }
}
