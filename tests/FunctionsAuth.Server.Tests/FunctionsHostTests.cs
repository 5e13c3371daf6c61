using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using FunctionsAuth.Azure;
using FunctionsAuth.Server.Tests.Harness;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.Server.Tests;

/// <summary>What the Functions host demands of an app, and what can be checked without it.</summary>
public sealed class FunctionsHostTests
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../.."));

    private static readonly (MethodInfo Method, string Name, HttpTriggerAttribute? Http, TimerTriggerAttribute? Timer, QueueTriggerAttribute? Queue)[] Functions =
    [
        .. from type in typeof(ServerServices).Assembly.GetExportedTypes()
           from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
           let function = method.GetCustomAttribute<FunctionAttribute>()
           where function is not null
           let parameters = method.GetParameters()
           select (method, function.Name,
               parameters.Select(p => p.GetCustomAttribute<HttpTriggerAttribute>()).SingleOrDefault(t => t is not null),
               parameters.Select(p => p.GetCustomAttribute<TimerTriggerAttribute>()).SingleOrDefault(t => t is not null),
               parameters.Select(p => p.GetCustomAttribute<QueueTriggerAttribute>()).SingleOrDefault(t => t is not null)),
    ];

    [Fact]
    public void Every_function_has_a_legal_name_of_its_own_and_one_trigger()
    {
        Assert.Equal(Functions.Length, Functions.Select(function => function.Name.ToUpperInvariant()).Distinct().Count());
        Assert.All(Functions, function =>
        {
            Assert.Matches("^[a-z][a-z0-9_-]{0,127}$", function.Name);
            Assert.NotEqual("host", function.Name);
            Assert.True(((object?[])[function.Http, function.Timer, function.Queue]).Count(trigger => trigger is not null) == 1, function.Name);
        });
    }

    [Fact]
    public void No_route_is_one_that_the_host_refuses_or_has_twice()
    {
        var routes = Functions.Select(function => function.Http?.Route).OfType<string>().ToList();
        Assert.All(routes, route => Assert.DoesNotMatch("^(/|admin|runtime)", route));
        Assert.Equal(routes.Count, routes.Select(route => Regex.Replace(route, "{[^}]*}", "{}")).Distinct().Count());
    }

    [Fact]
    public void Every_endpoint_is_open_to_clients_and_says_405_itself()
    {
        foreach (var (method, name, http, _, _) in Functions.Where(function => function.Http is not null))
        {
            // The default is a key of the host, which no client has.
            Assert.True(http!.AuthLevel == AuthorizationLevel.Anonymous, name);
            // With a list, the host would answer any other method with a bare 404.
            Assert.Null(http.Methods);
            // A string or an object would be an empty 200.
            Assert.Equal(typeof(Task<IResult>), method.ReturnType);
        }
    }

    [Fact]
    public async Task Every_function_class_can_be_made_of_what_the_app_registers()
    {
        await using var server = await RunningServer.StartAsync();
        Assert.All(Functions, function => Assert.NotNull(ActivatorUtilities.CreateInstance(server.Services, function.Method.DeclaringType!)));
    }

    [Fact]
    public void The_timers_have_schedules_of_six_fields() =>
        Assert.All(Functions.Where(function => function.Timer is not null), function => Assert.Equal(6, function.Timer!.Schedule.Split(' ').Length));

    [Fact]
    public void The_host_takes_routes_without_a_prefix_and_keeps_the_web_framework_quiet()
    {
        using var host = JsonDocument.Parse(File.ReadAllText(Path.Combine(Root, "host.json")));
        Assert.Equal("", host.RootElement.GetProperty("extensions").GetProperty("http").GetProperty("routePrefix").GetString());
        Assert.Equal("Warning", host.RootElement.GetProperty("logging").GetProperty("logLevel").GetProperty("Microsoft.AspNetCore").GetString());
    }

    [Fact]
    public void The_sample_settings_start_the_app()
    {
        using var sample = JsonDocument.Parse(File.ReadAllText(Path.Combine(Root, "local.settings.sample.json")));
        var values = sample.RootElement.GetProperty("Values").EnumerateObject()
            .ToDictionary(value => value.Name.Replace("__", ":", StringComparison.Ordinal), value => (string?)value.Value.GetString());
        Assert.Equal("true", values["AzureWebJobsDisableHomepage"]);
        new ServiceCollection().AddServer(AppSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build()));
    }
}
