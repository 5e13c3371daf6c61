using System.Reflection;
using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using FunctionsAuth.LocalHost.Queues;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.LocalHost.Hosting;

/// <summary>
/// Runs the queue functions like the Functions host: if a function fails, its message is delivered again, and after five failures it is put aside.
/// Only queues of this machine are read, because those of a real account are for the app in Azure.
/// </summary>
internal sealed partial class FunctionQueues(
    Assembly functions, IServiceProvider services, IConfiguration configuration, TimeProvider clock, ILogger<FunctionQueues> log) : BackgroundService
{
    private const string EmulatedAccount = "devstoreaccount1";
    private const string PoisonSuffix = "-poison";
    private const int AtOnce = 16;
    private const int MostDequeues = 5;

    // The values of the Functions host: how long a message is invisible while a function has it, and after a failure.
    private static readonly TimeSpan DuringFunction = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromMinutes(1);

    // Of an emulator, which has nothing that could wake us.
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var account = services.GetRequiredService<QueueServiceClient>();
        if (account is MemoryQueueServiceClient || account.AccountName == EmulatedAccount)
            await Task.WhenAll(FunctionCatalog.Find<QueueTriggerAttribute>(functions).Select(function => RunAsync(function, account, stoppingToken)));
    }

    private async Task RunAsync(Function<QueueTriggerAttribute> function, QueueServiceClient account, CancellationToken stopping)
    {
        var queue = account.GetQueueClient(Resolve(function.Trigger.QueueName));
        var poison = account.GetQueueClient(queue.Name + PoisonSuffix);
        while (!stopping.IsCancellationRequested)
        {
            var messages = await ReceiveAsync(queue, stopping);
            if (messages.Length > 0)
                await Task.WhenAll(messages.Select(message => InvokeAsync(function, queue, poison, message, stopping)));
            else
                await (queue is MemoryQueueClient memory ? memory.WhenVisibleAsync(stopping) : Task.Delay(BetweenLooks, clock, stopping));
        }
    }

    private async Task<QueueMessage[]> ReceiveAsync(QueueClient queue, CancellationToken stopping)
    {
        try
        {
            return (await queue.ReceiveMessagesAsync(AtOnce, DuringFunction, stopping)).Value;
        }
        catch (RequestFailedException e) when (e.ErrorCode == QueueErrorCode.QueueNotFound.ToString())
        {
            return [];
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            LogNotReceived(queue.Name, e.Message);
            return [];
        }
    }

    private async Task InvokeAsync(Function<QueueTriggerAttribute> function, QueueClient queue, QueueClient poison, QueueMessage message, CancellationToken stopping)
    {
        try
        {
            await using var scope = services.CreateAsyncScope();
            var instance = ActivatorUtilities.CreateInstance(scope.ServiceProvider, function.Method.DeclaringType!);
            await (Task)function.Method.Invoke(instance, [message.MessageText, stopping])!;
            await queue.DeleteMessageAsync(message.MessageId, message.PopReceipt, CancellationToken.None);
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            LogFailed(function.Name, e);
            await PutBackAsync(queue, poison, message);
        }
    }

    private async Task PutBackAsync(QueueClient queue, QueueClient poison, QueueMessage message)
    {
        try
        {
            if (message.DequeueCount < MostDequeues)
            {
                await queue.UpdateMessageAsync(message.MessageId, message.PopReceipt, message.MessageText, AfterFailure);
                return;
            }
            await poison.CreateIfNotExistsAsync();
            await poison.SendMessageAsync(message.MessageText);
            await queue.DeleteMessageAsync(message.MessageId, message.PopReceipt);
        }
        catch (RequestFailedException e)
        {
            // It becomes visible by itself.
            LogNotReceived(queue.Name, e.Message);
        }
    }

    /// <summary>A name between percent signs is the name of a setting.</summary>
    private string Resolve(string name) => name is ['%', .. var setting, '%']
        ? configuration[setting] ?? throw new InvalidOperationException($"The setting {setting} of a queue is missing.")
        : name;

    [LoggerMessage(5002, LogLevel.Error, "The queue function {Name} failed")]
    private partial void LogFailed(string name, Exception exception);

    [LoggerMessage(5003, LogLevel.Warning, "The queue {Name} could not be read: {Reason}")]
    private partial void LogNotReceived(string name, string reason);
}
